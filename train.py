"""Train a sign recogniser, test it on clips that it never saw, and leave a run directory that explains itself.

python train.py                                                # generated signs, nothing to download
python train.py model=bilstm_attn optimizer.lr=3e-4
python train.py data=folder data.root=my_landmarks split=stratified
python train.py -m model=bilstm_attn,lstm seed=0,1,2           # one run each, one table
"""

from __future__ import annotations

from omegaconf import DictConfig

from isl.config.app import app


@app("train")
def main(cfg: DictConfig) -> float:
    """One run; returns the best validation loss, which sweeps minimise."""
    from isl.config.build import class_of

    run = class_of(cfg.run)(cfg)
    run.introduce()
    run.fit()
    run.calibrate()
    run.test()
    run.report()
    return run.best_loss


if __name__ == "__main__":
    main()
