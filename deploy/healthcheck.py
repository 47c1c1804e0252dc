"""Ask the web in this container whether it is well, by a name that Django accepts."""

import http.client
import os
import sys

line = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
line.request("GET", "/healthz", headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0]})
sys.exit(line.getresponse().status != 200)
