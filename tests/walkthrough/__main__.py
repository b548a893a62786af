"""Run the whole story without a person: ``make walkthrough``.

A real server process, real ``breakglass`` processes, one home folder for each person. Ends with
``N passed, 0 failed``; the first act that is not as it must be is the one that failed.
"""

import socket
import sys
import tempfile
import traceback
from pathlib import Path

from service.ops.organisation import MFA, PASSWORD
from service.ops.stage import Stage, StageError
from tests.walkthrough import stranger, trouble
from tests.walkthrough.story import Story


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tell(story: Story) -> None:
    """The acts in their order."""
    story.found()
    request = story.ask()
    story.approve(request, PASSWORD[0], MFA[0], last="pending")
    trouble.killed(story)
    story.approve(request, PASSWORD[1], MFA[1])
    story.release_and_reveal(request)
    trouble.refused_share(story)
    trouble.status(story, "nobody-told", "exposed", "drill-due")
    story.close_rotate_review(request)
    trouble.status(story, "nobody-told", "drill-due")
    story.denied()
    story.expired()
    trouble.cancelled(story)
    story.drill()
    trouble.status(story, "nobody-told")
    trouble.copied(story)
    trouble.without_the_service(story)
    trouble.with_papers(story)
    story.home()
    trouble.searched(story)
    stranger.verifies(story, *story.audit())


def main() -> int:
    """Tell the story in a fresh folder; 0 when every act was as it must be."""
    with tempfile.TemporaryDirectory(prefix="breakglass-") as folder:
        stage = Stage(root=Path(folder), port=free_port())
        story = Story(stage)
        try:
            tell(story)
        except StageError as failed:
            return broken(story, str(failed))
        except Exception as fault:  # noqa: BLE001 - outermost: whatever it is, the story failed
            traceback.print_exc()
            return broken(story, f"{type(fault).__name__}: {fault}")
        finally:
            stage.stop()
    print(f"{story.passed} passed, 0 failed")
    return 0


def broken(story: Story, why: str) -> int:
    """Say in one sentence why the story ends here, and count it; returns the exit code."""
    sys.stdout.flush()
    print(f"failed after act {story.passed}: {why}", file=sys.stderr)
    print(f"{story.passed} passed, 1 failed")
    return 1


if __name__ == "__main__":
    sys.exit(main())
