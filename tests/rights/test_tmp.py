import time
from tests.rights.table import DOORS
from tests.rights.walk import web, Walker, findings, lines_of
from tests.web.unlimited import unlimited
def test_world(world, tmp_path):
    app = web(world, tmp_path)
    print("missing", sorted(lines_of(app)-set(DOORS)), "extra", sorted(set(DOORS)-lines_of(app)))
    with unlimited():
      for n in world.users:
        t=time.time(); c=time.process_time()
        for f in findings(Walker(app, world, world.users[n])): print(f)
        print(n, "took", time.time()-t, time.process_time()-c)
