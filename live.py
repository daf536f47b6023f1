"""Recognise signs in front of a camera, or in a video, and say them as a sentence.

python live.py                                     # webcam 0; q quits
python live.py source=video.mp4 display=none film=annotated.mp4 events=events.jsonl
python live.py source=rtsp://192.168.1.20/stream accept=consecutive
python live.py display=web                         # a page at http://localhost:8000
python live.py record.word=Fever                   # r records a clip of a new sign
"""

from isl.commands.live import main

if __name__ == "__main__":
    main()
