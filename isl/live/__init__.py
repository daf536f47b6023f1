"""From a camera or a video to words and a sentence, on a screen: threads around `isl.recognition.stream`."""
