"""A real FTP server on this machine: python ftp_server.py FOLDER PORT HANG_UP_S prints its port.

PORT 0 takes any. It hangs up on who has been silent for HANG_UP_S.
"""

from __future__ import annotations

import logging
import sys

USER, PASSWORD = "coach", "s3cret"

if __name__ == "__main__":
    # Here, as they warn of what they use, which must not trouble the tests.
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    folder, port, hang_up_s = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    logging.basicConfig(level=logging.ERROR)
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, folder, perm="elradfmw")
    FTPHandler.authorizer, FTPHandler.timeout = authorizer, hang_up_s
    server = FTPServer(("127.0.0.1", port), FTPHandler)
    print(server.address[1], flush=True)
    server.serve_forever()
