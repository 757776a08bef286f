"""What stops the local stack, in words for the person at the terminal."""


class LocalStackError(Exception):
    """The message is one paragraph that says what is wrong and what to do; it never holds a password."""


class TemplateError(LocalStackError):
    """The template asks for something that the local gateway does not know how to honour."""


class StopRequestedError(LocalStackError):
    """Ctrl-C or SIGTERM came while the stack was starting."""
