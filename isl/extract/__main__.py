"""``python -m isl.extract``. Worker processes import this module under another name, which runs nothing."""

if __name__ == "__main__":
    from isl.commands.extract import main

    main()
