"""`ehc portal`: the web pages on which agencies answer."""

from typing import Annotated

from cli import here, show
from cli.options import option


def portal(
    host: Annotated[str, option(
        "--host", metavar="ADDRESS", help="Where to listen; this machine only if left out.")] = "127.0.0.1",
    port: Annotated[int | None, option("--port", metavar="NUMBER", help="The port; EHC_PORTAL_PORT if left out.")] = None,
) -> None:
    """Run the web pages on which agencies answer their requests, until Ctrl-C.

    They speak plain HTTP: for service put a web server with TLS before them, on EHC_PUBLIC_URL. `/health` says whether
    they run.

    Ends with 1 if links are not set up.
    """
    import uvicorn

    from tasks.database import check
    from tasks.links import links_of
    from tasks.settings import settings

    ours = settings()
    if links_of(ours) is None:
        raise show.Refused("links are not set up: set EHC_PUBLIC_URL, where agencies reach the portal, and EHC_LINK_SECRET,"
                           " which signs their links (such as the output of `openssl rand -hex 32`).")
    check(here.database())
    show.say(f"Pages on which agencies answer: http://{host}:{port or ours.portal_port}   (in letters: {ours.public_url})\n"
             "Ctrl-C ends them.")
    # Its own log tells no addresses, which hold the secrets of links; uvicorn's would.
    uvicorn.run("portal.app:from_settings", factory=True, host=host, port=port or ours.portal_port, access_log=False,
                log_level="warning", server_header=False, limit_concurrency=200, timeout_keep_alive=5,
                timeout_graceful_shutdown=5)
