"""``python -m isl.extract``. Worker processes import this module too, under another name: nothing happens then."""

if __name__ == "__main__":
    from isl.commands.extract import main

    main()
