// The texts of the page in the chosen language. Each language has one JSON file in /static/texts.

const KEPT = "isl.language";
let texts = {};
const listeners = [];

export function text(key, values = {}) {
  const pattern = texts[key] ?? key;
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function onLanguage(listener) {
  listeners.push(listener);
}

export const language = () => document.documentElement.lang;

function apply() {
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.dataset.label));
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = text(element.dataset.hint);
  document.title = text("title");
}

async function choose(code) {
  texts = await (await fetch(`/static/texts/${code}.json`)).json();
  document.documentElement.lang = code;
  localStorage.setItem(KEPT, code);
  apply();
  for (const listener of listeners) listener();
}

// Fills the list of languages, and shows the page in the language of the last visit or of the browser.
export async function loadTexts(select) {
  const languages = await (await fetch("/texts")).json();
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((code) => code.split("-")[0]), "en"];
  for (const [code, name] of Object.entries(languages)) select.append(new Option(name, code));
  const code = wanted.find((candidate) => candidate in languages) ?? Object.keys(languages)[0];
  select.value = code;
  select.addEventListener("change", () => choose(select.value));
  await choose(code);
}
