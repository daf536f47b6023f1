// The rule for names of words and signers, which become names of folders and files on the server; it checks them too.

const LONGEST = 100;
const FORBIDDEN = /[/\\:*?"<>|]|[^\S ]|\p{Cc}|\p{Cs}|\p{Co}|\p{Cn}|(?![\u200c\u200d])\p{Cf}/u; // joiners belong to Indian scripts

export function isName(name) {
  return name.length > 0 && name.length <= LONGEST && !/^[._ ]|[. ]$/.test(name) && !FORBIDDEN.test(name);
}
