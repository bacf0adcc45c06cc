"""baresip: a telephone without hands, that says what it does."""
import shutil

from interop import HOST, Program, free_port, work

CONFIG = """
sip_listen {host}:{port}
net_interface {host}
audio_player aubridge,nil
audio_source aubridge,nil
audio_alert aubridge,nil
module_path {modules}
module g711.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
"""
MODULES = "/usr/lib/baresip/modules"
LIMIT_SECONDS = 120  # after which it ends by itself, whatever we do


class Baresip(Program):
    """With that account; it calls uri, if there is one, as soon as it is up."""

    def __init__(self, account=f"<sip:caller@{HOST}>;regint=0", uri=None):
        port = free_port()
        home = work / f"baresip-{port}"
        home.mkdir()
        (home / "config").write_text(CONFIG.format(host=HOST, port=port, modules=MODULES))
        (home / "accounts").write_text(account + "\n")
        (home / "contacts").touch()
        dial = ["-e", f"/dial {uri}"] if uri else []
        super().__init__(f"baresip-{port}", ["stdbuf", "-oL", shutil.which("baresip"), "-f", home,
                                             "-s", "-v", "-t", LIMIT_SECONDS, *dial])
