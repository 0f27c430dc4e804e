"""The front door: `watchbot [--config FILE] COMMAND`. Exit 0 done; 1 failed; 2 usage or configuration; 3 held.

arguments -> parser -> one function per command (imported when it is called) -> exit code
"""

import os
import signal
import sys
from importlib import import_module

from watchbot.cli.parser import Command, parse
from watchbot.model.errors import HeldError, UsageError, WatchbotError

DONE = 0
FAILED = 1
WRONG = 2
HELD = 3


def run(arguments: list[str]) -> int:
    """Run one command; every error becomes one line on stderr and an exit code, never a traceback."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL if _is_filter(arguments) else signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        command = parse(arguments)
        return _call(command)
    except UsageError as error:
        _complain(error)
        return WRONG
    except HeldError as error:
        _complain(error)
        return HELD
    except WatchbotError as error:
        _complain(error)
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return FAILED
    except Exception as error:  # the last supervisor: a traceback never reaches a user
        if "debug" in arguments:
            raise
        _complain(f"internal error {type(error).__name__}; again with --log-level debug shows where, please report it")
        return FAILED


def _call(command: Command) -> int:
    module = import_module(f"watchbot.cli.{command.module}")
    code: int = getattr(module, command.function)(command.options)
    return code


def _is_filter(arguments: list[str]) -> bool:
    """Commands that only print may end when their reader goes away, as any Unix filter does."""
    return "run" not in arguments


def _complain(error: object) -> None:
    print(f"watchbot: {error}", file=sys.stderr)
