"""Train a sign recogniser, test it on clips that it never saw, and leave a run directory that explains itself.

python train.py                                                # generated signs, nothing to download
python train.py model=bilstm_attn optimizer.lr=3e-4
python train.py data=folder data.root=my_landmarks split=stratified
python train.py -m model=bilstm_attn,lstm seed=0,1,2           # one run each, one table
"""

from isl.commands.train import main

if __name__ == "__main__":
    main()
