"""Sealing the trail: every hour the new facts are taken into the log, and its signed root goes into a file and elsewhere."""

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.running import flow
from flows.telling import tell_of_missed_watch
from flows.visiting import now_utc, tag_run
from notifications.channels import NotSent
from tasks import steps
from tasks.seal import NotSealed
from tasks.seal_key import BadKey, NoKey
from tasks.settings import settings
from tasks.time_stamp import NotStamped


@flow(name="seal-trail", flow_run_name="seal the trail")
async def seal_trail() -> State:
    """Check the whole record, take what is new into the log, sign a checkpoint, and send it to the auditors. If the watch did not
    look, operations are told.

    Ends as Failed, signing nothing and telling operations, if anything was altered, removed, inserted or cut off. Without a key
    nothing is done, and that is said.
    """
    await tag_run("trail")
    us, at = settings(), now_utc()
    tell_of_missed_watch(us, at)
    try:
        sealed = steps.seal_trail(us, at)
    except NoKey as none:
        get_run_logger().warning(str(none))
        return Completed(name="No key", message=str(none))
    except BadKey as bad:
        return Failed(name="No key", message=str(bad))
    except NotSealed as broken:
        get_run_logger().error(str(broken))
        try:
            steps.tell_operations(us, broken.findings, at)
        except NotSent as error:
            get_run_logger().error(str(error))
        return Failed(name="Broken", message=str(broken))
    told = f"Facts taken in: {sealed.taken}; in the log: {sealed.size}"
    try:
        steps.stamp_checkpoint(us)
    except NotStamped as error:
        get_run_logger().warning(str(error))
        told += f". {str(error).removesuffix('.')}"
    try:
        steps.tell_auditors(us, at)
    except NotSent as error:
        untold = f"Checkpoint {sealed.number} is signed and did not reach the auditors: {error}"
        return Failed(name="Not sent", message=f"{told}. {untold}")
    return Completed(name="Sealed" if sealed.taken else "Nothing new", message=f"{told}.")
