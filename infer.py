"""Recognise the signs in videos or landmark files.

python infer.py input=clip.mp4                       # the newest checkpoint, top five with bars
python infer.py input=clip.mp4 output=answer.json
python infer.py input=my_videos ckpt_path=outputs/.../checkpoints/best.ckpt
python infer.py input=talk.mp4 segment=true output=[talk.json,talk.vtt] film=annotated.mp4
"""

from isl.commands.infer import main

if __name__ == "__main__":
    main()
