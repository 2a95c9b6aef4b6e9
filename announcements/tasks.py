"""Each minute: tell those concerned by what has become public. Publicity itself needs no task."""

from announcements.actions import announce_due, send_feedback
from sinovik.celery import app


@app.task(name="announcements.tasks.publish_due")
def publish_due() -> None:
    announce_due()
    send_feedback()
