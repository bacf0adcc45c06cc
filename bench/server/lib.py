"""Servers under test, their processes' CPU and memory, and one load run."""
import glob, tempfile, json, os, re, shlex, shutil, signal, socket, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.environ.get('BENCH_TMP') or os.path.join(tempfile.gettempdir(), 'sip-bench')
PORT = int(os.environ.get('BENCH_PORT', 5560))   # the servers' ports on 127.0.0.1 begin 10 above
UAS, UAC = f'127.0.0.2:{PORT + 1}', f'127.0.0.3:{PORT + 2}'
NCPU = os.cpu_count()
CLK = os.sysconf('SC_CLK_TCK')
os.makedirs(WORK, exist_ok=True)
signal.signal(signal.SIGTERM, lambda *a: sys.exit(143))   # so that servers are stopped


def build():
    """compile load and raw when a source is newer"""
    headers = glob.glob(f'{HERE}/*.h')
    for n in ('load', 'raw'):
        src, out = sorted(glob.glob(f'{HERE}/{n}.c') + glob.glob(f'{HERE}/{n}_*.c')), f'{WORK}/{n}'
        newest = max(os.path.getmtime(f) for f in src + headers)
        if not os.path.exists(out) or os.path.getmtime(out) < newest:
            subprocess.run(['cc', '-std=c11', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-o', out] + src, check=True)


# ------------------------------------------------------------ processes
def tree(root):
    """root and all its descendants, also those re-parented within its session"""
    par, ses = {}, {}
    for d in os.listdir('/proc'):
        if d.isdigit():
            try:
                f = open(f'/proc/{d}/stat').read().rsplit(')', 1)[1].split()
                par[int(d)], ses[int(d)] = int(f[1]), int(f[3])
            except OSError:
                pass
    out, grew = {root} if root in par else set(), True
    out |= {p for p in ses if ses[p] == root}
    while grew:
        new = {p for p in par if par[p] in out} - out
        out |= new
        grew = bool(new)
    return sorted(out)


def cpu_ns(pids):
    """(ns by the scheduler's account over all threads, ns by utime+stime)"""
    a = b = 0
    for p in pids:
        try:
            for t in os.listdir(f'/proc/{p}/task'):
                try:
                    a += int(open(f'/proc/{p}/task/{t}/schedstat').read().split()[0])
                except OSError:
                    pass
            f = open(f'/proc/{p}/stat').read().rsplit(')', 1)[1].split()
            b += (int(f[11]) + int(f[12])) * (10 ** 9 // CLK)
        except OSError:
            pass
    return a, b


def mem_kb(pids):
    """sum of PSS (shared memory counted once), sum of RSS peaks (VmHWM), anon+shm PSS"""
    pss = hwm = own = 0
    for p in pids:
        try:
            t = open(f'/proc/{p}/smaps_rollup').read()
            g = lambda k: sum(int(x) for x in re.findall(rf'^{k}:\s+(\d+)', t, re.M))
            pss += g('Pss')
            own += g('Pss_Anon') + g('Pss_Shmem')
            m = re.search(r'VmHWM:\s+(\d+)', open(f'/proc/{p}/status').read())
            hwm += int(m.group(1)) if m else 0
        except OSError:
            pass
    return pss, hwm, own


def stat_ns():
    """(busy, stolen) CPU time of the whole machine since boot"""
    f = [int(x) for x in open('/proc/stat').readline().split()[1:]]
    return (f[0] + f[1] + f[2] + f[5] + f[6]) * (10 ** 9 // CLK), f[7] * (10 ** 9 // CLK)


def wait_quiet(limit=3.0, wait=600.0, span=1.0):
    """wait until everybody else uses less than limit % of the machine; False if never"""
    end = time.monotonic() + wait
    while True:
        b, t = stat_ns()[0], time.monotonic_ns()
        time.sleep(span)
        if 100.0 * (stat_ns()[0] - b) / (time.monotonic_ns() - t) / NCPU < limit:
            return True
        if time.monotonic() > end:
            return False


def udp_drops():
    """datagrams the kernel dropped at full socket buffers"""
    l = [x.split() for x in open('/proc/net/snmp') if x.startswith('Udp:')]
    return int(dict(zip(l[0], l[1]))['RcvbufErrors'])


def softirqd_ns():
    n = 0
    for p in glob.glob('/proc/[0-9]*/comm'):
        try:
            if open(p).read().startswith('ksoftirqd'):
                n += int(open(os.path.dirname(p) + '/schedstat').read().split()[0])
        except OSError:
            pass
    return n


# ------------------------------------------------------------ servers
def render(who, name, **kv):
    t = open(f'{HERE}/conf/{name}').read()
    t = re.sub(r'^@INCLUDE (\S+)@$', lambda m: open(f'{HERE}/conf/{m.group(1)}').read(), t, flags=re.M)
    for k, v in kv.items():
        t = t.replace(f'@{k}@', str(v))
    left = re.findall(r'@[A-Z]+@', t)
    assert not left, f'{name}: {left}'
    out = f'{WORK}/{who}-{name}'
    open(out, 'w').write(t)
    return out


class Server:
    """one server under test; config is proxy, redirect, redirect-tm or redirect-loc"""
    sip = True

    def __init__(self, name, workers=1):
        self.name, self.workers, self.proc, self.fault = name, workers, None, ''
        self.listen = f'127.0.0.1:{PORT}'
        # one worker: pinned to the last CPU, generator spins on CPU 0
        self.pin = workers == 1 and NCPU > 1

    def argv(self, config, opt):
        raise NotImplementedError

    def available(self):
        return True

    def configs(self):
        return {'proxy', 'register', 'redirect', 'redirect-tm', 'redirect-loc'}

    def must_be_free(self):
        """servers share ports without a word (SO_REUSEPORT), and a stranger's answers would be measured"""
        host, port = self.addr().split(':')
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            try:
                s.bind((host, int(port)))
            except OSError as e:
                raise RuntimeError(f'{self.name}: {self.addr()}: {e.strerror}; BENCH_PORT gives another') from None

    def start(self, config, opt=None, wait=60.0, probe=True):
        opt = opt or {}
        self.must_be_free()
        cpus = opt.get('cpus') or ({NCPU - 1} if self.pin else set(range(NCPU)))
        self.log = f'{WORK}/{self.name}.log'
        argv = self.argv(config, opt)
        self.t_start = time.monotonic()
        self.proc = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=open(self.log, 'w'), stderr=subprocess.STDOUT,
                                     cwd=WORK, start_new_session=True, preexec_fn=lambda: os.sched_setaffinity(0, cpus))
        if probe:
            self.t_ready = self.wait_ready(wait)

    def wait_ready(self, wait):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(('127.0.0.4', 0))
        s.settimeout(0.02)
        h, p = s.getsockname()
        host, port = self.addr().split(':')
        end, n = time.monotonic() + wait, 0
        while time.monotonic() < end:
            n += 1
            if self.proc.poll() is not None:
                raise RuntimeError(f'{self.name} ended: ' + open(self.log).read()[-2000:])
            m = (f'OPTIONS sip:{host}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {h}:{p};rport;branch=z9hG4bKprobe{os.getpid()}x{n}\r\n'
                 f'Max-Forwards: 70\r\nFrom: <sip:probe@{h}>;tag=p{n}\r\nTo: <sip:{host}:{port}>\r\nCall-ID: probe{n}-{os.getpid()}@{h}\r\n'
                 f'CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n') if self.sip else 'ping'
            try:
                s.sendto(m.encode(), (host, int(port)))
                if s.recv(4096):
                    return time.monotonic() - self.t_start
            except (socket.timeout, ConnectionError):
                pass
        raise RuntimeError(f'{self.name}: no answer in {wait} s: ' + open(self.log).read()[-2000:])

    def addr(self):
        return self.listen

    def pids(self):
        return tree(self.proc.pid)

    def stop(self):
        if not self.proc:
            return
        pids = self.pids()
        self.proc.send_signal(signal.SIGTERM)
        try:
            self.proc.wait(15)
        except subprocess.TimeoutExpired:
            pass
        for p in pids:                       # only what we started
            try:
                if os.path.exists(f'/proc/{p}') and os.getsid(p) == self.proc.pid:
                    os.kill(p, signal.SIGKILL)
            except OSError:
                pass
        try:
            self.proc.wait(5)
        except subprocess.TimeoutExpired:
            self.fault = 'did not end'
        self.proc = None


USRLOC_MEM = {'k': 'modparam("usrloc", "db_mode", 0)\nmodparam("usrloc", "hash_size", 16)',
              'o': 'modparam("usrloc", "working_mode_preset", "single-instance-no-db")\nmodparam("usrloc", "hash_size", 16)'}


def conf_of(config):
    """the peers register in memory, as they do everything else"""
    return 'proxy' if config == 'register' else config


class Kamailio(Server):
    # mm fm with mem_join=0 is the fastest of fm/qm/tlsf x mem_join (README, traps)
    def __init__(self, name, workers=1, binary='/usr/sbin/kamailio', mpath='/usr/lib/x86_64-linux-gnu/kamailio/modules/', mm='fm', join=0):
        super().__init__(name, workers)
        self.binary, self.mpath, self.mm, self.join = binary, mpath, mm, join

    def available(self):
        return os.path.exists(self.binary)

    def argv(self, config, opt):
        cfg = render(self.name, f'kam-{conf_of(config)}.cfg', LISTEN=self.listen, WORKERS=self.workers, MPATH=self.mpath, UAS=UAS, JOIN=self.join,
                     EXTRA=opt.get('extra', ''), USRLOC=opt.get('usrloc', USRLOC_MEM['k']))
        return [self.binary, '-f', cfg, '-DD', '-m', str(opt.get('shm', 2048)), '-M', str(opt.get('pkg', 32)), '-x', self.mm, '-X', self.mm,
                '-w', WORK, '-Y', WORK]


class Opensips(Server):
    # root is built with HP_MALLOC alone; root2 with all allocators (README, building the peers)
    def __init__(self, name, workers=1, root=os.environ.get('OPENSIPS_ROOT', '/nowhere'), more=()):
        super().__init__(name, workers)
        self.root, self.more = root, list(more)

    def available(self):
        return os.path.exists(self.root + '/opensips')

    def argv(self, config, opt):
        cfg = render(self.name, f'osips-{conf_of(config)}.cfg', LISTEN=self.listen, WORKERS=self.workers, MPATH=self.root + '/', UAS=UAS,
                     EXTRA=opt.get('extra', ''), USRLOC=opt.get('usrloc', USRLOC_MEM['o']))
        return [self.root + '/opensips', '-f', cfg, '-F', '-m', str(opt.get('shm', 2048)), '-M', str(opt.get('pkg', 32)), '-w', WORK] + self.more


class Raw(Server):
    sip = False

    def __init__(self, name, batch):
        super().__init__(name, 1)
        self.batch = batch

    def argv(self, config, opt):
        return [f'{WORK}/raw', '--listen', self.listen, '--uac', UAC, '--uas', UAS] + (['--batch'] if self.batch else [])


class Command(Server):
    """the product (or any other): a command line with {listen} {port} {uas} {workers} {config} {dir} {db} {fresh}

    env: OURS_CMD, per config OURS_CMD_PROXY, OURS_CMD_REGISTER, OURS_CMD_REDIRECT, OURS_CMD_REDIRECT_TM, OURS_CMD_REDIRECT_LOC;
    of ours-disk OURS_DISK_CMD and so on, of base BASE_CMD;
    {fresh} is an empty folder on the disk, removed when the server ends;
    OURS_URI: host:port (or sip:host:port) where it answers, if it cannot take {listen}
    """
    def __init__(self, name, workers=1, env='OURS'):
        super().__init__(name, workers)
        self.env, self.fresh = env, None

    def template(self, config):
        e = os.environ
        return e.get(f"{self.env}_CMD_{config.upper().replace('-', '_')}") or e.get(f'{self.env}_CMD')

    def available(self):
        return any(self.template(c) for c in super().configs())

    def configs(self):
        return {c for c in super().configs() if self.template(c)}

    def addr(self):
        return os.environ.get(f'{self.env}_URI', self.listen).removeprefix('sip:')

    def argv(self, config, opt):
        h, p = self.addr().split(':')
        self.fresh = tempfile.mkdtemp(prefix=f'{self.name}-', dir=WORK)
        return [a.format(fresh=self.fresh, listen=self.addr(), host=h, port=p, uas=UAS, workers=self.workers, config=config, dir=WORK, db=opt.get('db', ''))
                for a in shlex.split(self.template(config))]

    def stop(self):
        super().stop()
        if self.fresh:
            shutil.rmtree(self.fresh, ignore_errors=True)
            self.fresh = None


def servers():
    km = dict(binary=os.environ.get('KAMAILIO_ALT', '/nowhere') + '/kamailio', mpath=os.environ.get('KAMAILIO_ALT', '/nowhere') + '/modules/')
    l = [Raw('raw', False), Raw('raw-batch', True), Kamailio('kamailio'), Kamailio('kamailio-2', 2),
         Kamailio('kamailio-master', **km), Kamailio('kamailio-master-2', 2, **km),
         Opensips('opensips'), Opensips('opensips-2', 2),
         
         Command('ours'), Command('ours-2', 2), Command('base', env='BASE'), Command('ours-disk', env='OURS_DISK')]
    for i, x in enumerate(l):
        x.listen = f'127.0.0.1:{PORT + 10 + i}'
    return {x.name: x for x in l}


# ------------------------------------------------------------ modes
# flow sizes name the packets as load reports them; the raw script repeats the
# same packets without SIP.  (trigger, sending side, packet in, [(side, packet out)])
def fork_script(k=3):
    r = [('*', 'C', 'uac>INVITE', [('C', 'uac<INVITE/100')] + [('S', 'uas<INVITE')] * k)]
    r += [('0S', 'S', 'uas>INVITE/180', [('C', 'uac<INVITE/180')])] * (k - 1)
    n = len(r)
    r += [('0S', 'S', 'uas>INVITE/600', [('S', 'uas<ACK')] + [('S', 'uas<CANCEL')] * (k - 1))]
    r += [(f'{n}S', 'S', 'uas>CANCEL/200', [])] * (k - 1)
    r += [(f'{n}S', 'S', 'uas>INVITE/487', [('S', 'uas<ACK')])] * (k - 2)
    r += [(f'{n}S', 'S', 'uas>INVITE/487', [('S', 'uas<ACK'), ('C', 'uac<INVITE/600')])]
    r += [(f'{len(r) - 1}C', 'C', 'uac>ACK', [])]
    return r, len(r) - 2


PROXY = ([('*', 'C', 'uac>INVITE', [('C', 'uac<INVITE/100'), ('S', 'uas<INVITE')]),
          ('0S', 'S', 'uas>INVITE/180', [('C', 'uac<INVITE/180')]),
          ('0S', 'S', 'uas>INVITE/200', [('C', 'uac<INVITE/200')]),
          ('2C', 'C', 'uac>ACK', [('S', 'uas<ACK')]),
          ('2C', 'C', 'uac>BYE', [('S', 'uas<BYE')]),
          ('4S', 'S', 'uas>BYE/200', [('C', 'uac<BYE/200')])], 2)
REDIR = ([('*', 'C', 'uac>INVITE', [('C', 'uac<INVITE/302')]), ('0C', 'C', 'uac>ACK', [])], 0)
# packets the server must receive and send per call, in the flow without any loss
PACKETS = {'proxy': (6, 7), 'proxy-aor': (6, 7), 'message': (2, 2), 'busy6xx': (3, 4), 'fork': (9, 12), 'register': (1, 1),
           'reregister': (1, 1), 'options': (1, 1), 'redirect': (2, 1), 'redirect-loc': (2, 1), 'redirect-tm': (2, 1)}
MODES = {  # config, load arguments, calls, transactions kept (settle), raw script
    'proxy':        ('proxy', ['--mode', 'proxy'], 30000, True, PROXY),
    'proxy-aor':    ('proxy', ['--mode', 'proxy', '--register-first', '10000'], 30000, True, PROXY),
    'message':      ('proxy', ['--mode', 'message'], 60000, True,
                     ([('*', 'C', 'uac>MESSAGE', [('S', 'uas<MESSAGE')]), ('0S', 'S', 'uas>MESSAGE/200', [('C', 'uac<MESSAGE/200')])], 1)),
    'busy6xx':      ('proxy', ['--mode', 'busy6xx'], 50000, True,
                     ([('*', 'C', 'uac>INVITE', [('C', 'uac<INVITE/100'), ('S', 'uas<INVITE')]),
                       ('0S', 'S', 'uas>INVITE/600', [('S', 'uas<ACK'), ('C', 'uac<INVITE/600')]), ('1C', 'C', 'uac>ACK', [])], 1)),
    'fork':         ('proxy', ['--mode', 'fork', '--branches', '3', '--register-first', '1000'], 15000, True, fork_script(3)),
    'register':     ('register', ['--mode', 'register'], 100000, False, ([('*', 'C', 'uac>REGISTER', [('C', 'uac<REGISTER/200')])], 0)),
    'reregister':   ('register', ['--mode', 'register', '--aors', '10000', '--warmup', '10000'], 150000, False,
                     ([('*', 'C', 'uac>REGISTER', [('C', 'uac<REGISTER/200')])], 0)),
    'options':      ('proxy', ['--mode', 'options'], 200000, False, ([('*', 'C', 'uac>OPTIONS', [('C', 'uac<OPTIONS/200')])], 0)),
    # whom Tandem's lab redirects; the others redirect anybody.  Settled after redirect too: ours keeps a transaction
    'redirect':     ('redirect', ['--mode', 'redirect', '--user', 'lab-302'], 150000, True, REDIR),
    'redirect-loc': ('redirect-loc', ['--mode', 'redirect', '--register-first', '10000'], 120000, False, REDIR),
    'redirect-tm':  ('redirect-tm', ['--mode', 'redirect', '--user', 'lab-302'], 80000, True, REDIR),
}
SIZES = f'{HERE}/raw_sizes.json'      # flow sizes per mode, as Kamailio makes them


def raw_args(mode):
    script, lat = MODES[mode][4]
    sz = json.load(open(SIZES))[mode]
    step = lambda t, s, i, o: f"{t}:{s}{round(sz[i])}" + ('>' + ','.join(f'{a}{round(sz[b])}' for a, b in o) if o else '')
    return ['--mode', 'raw', '--raw-script', ';'.join(step(*x) for x in script), '--raw-lat', str(lat)]


# ------------------------------------------------------------ one run
class Load:
    """the generator, started with --sync: ready() then go()"""
    def __init__(self, srv, args, spin, cpus):
        argv = [f'{WORK}/load', '--server', srv.addr(), '--uac', UAC, '--uas', UAS, '--sync'] + args + (['--spin'] if spin else [])
        self.p = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  preexec_fn=lambda: os.sched_setaffinity(0, cpus))

    def line(self, want):
        l = self.p.stdout.readline()
        if not l.startswith(want):
            self.p.kill()
            raise RuntimeError(f'load: wanted {want!r}, got {l!r} {self.p.stderr.read()}')
        return l

    def ready(self):
        self.line('READY')

    def go(self):
        self.p.stdin.write('\n')
        self.p.stdin.flush()

    def result(self):
        r = json.loads(self.line('{'))
        self.p.wait(10)
        return r


def start_load(srv, mode, calls, window=32, rate=0, warm=0, prefix=None, spin=None, extra=()):
    _, args, _, _, _ = MODES[mode]
    args = list(args) if srv.sip else raw_args(mode)
    if warm and '--warmup' not in args:
        args += ['--warmup', str(warm)]
    if prefix and '--aors' not in args:
        args += ['--prefix', prefix]
    args += ['--calls', str(calls)] + (['--rate', str(rate)] if rate else ['--window', str(window)]) + list(extra)
    return Load(srv, args, srv.pin if spin is None else spin, {0} if srv.pin else set(range(NCPU)))


def warm_up(srv, mode, calls, settle, **kw):
    """the same load, unmeasured: touches the memory a steady state needs"""
    ld = start_load(srv, mode, calls, **kw)
    ld.ready()
    ld.go()
    ld.result()
    if settle and srv.sip:
        time.sleep(settle)


def faults(r, mode, workers=1):
    """why a run does not count: '' when every call was whole and nothing was sent twice.
    Two workers may overtake each other (a 180 after the 200 is dropped by the server), so
    there late messages and 2 % fewer packets are no fault."""
    bad = ['failed', 'retr_sent', 'retr_uac', 'retr_uas', 'timeouts', 'unexpected', 'bad_forward', 'stale', 'udp_drops'] + (['late'] if workers == 1 else [])
    l = [f'{k}={r[k]}' for k in bad if r.get(k)]
    for k, want in zip(('server_rx_per_call', 'server_tx_per_call'), PACKETS[mode]):
        if abs(r[k] - want) > (1e-3 if workers == 1 else .02 * want):
            l.append(f'{k}={r[k]} not {want}')
    return ' '.join(l) + (f" ({r['why']})" if r['why'] else '')


def measure(srv, mode, calls, settle, **kw):
    """one measured run against a running server; a dict of figures"""
    ld = start_load(srv, mode, calls, **kw)
    ld.ready()
    pids = srv.pids()
    c0, own0 = cpu_ns(pids), cpu_ns([ld.p.pid, os.getpid()])[0]
    d0 = udp_drops()
    (b0, s0), k0, t0 = stat_ns(), softirqd_ns(), time.monotonic()
    ld.go()
    l = ld.line('{')
    c1, own1 = cpu_ns(pids), cpu_ns([ld.p.pid, os.getpid()])[0]
    (b1, s1), k1, t1 = stat_ns(), softirqd_ns(), time.monotonic()
    r = json.loads(l)
    ld.p.wait(10)
    c2 = c1
    if settle and srv.sip:
        time.sleep(settle)                   # transactions are freed some seconds later: count that too
        c2 = cpu_ns(pids)
    n, span = max(1, r['calls']), (t1 - t0) * 1e9 * NCPU
    r['udp_drops'] = udp_drops() - d0
    r['fault'] = faults(r, mode, srv.workers)
    r.update(server=srv.name, run_mode=mode, cpu_us=(c2[0] - c0[0]) / 1e3 / n, cpu_us_stat=(c2[1] - c0[1]) / 1e3 / n,
             cpu_us_run=(c1[0] - c0[0]) / 1e3 / n, util=(c1[0] - c0[0]) / 1e9 / max(r['wall_s'], 1e-9), procs=len(pids),
             steal_pct=100.0 * (s1 - s0) / span, softirqd_us=(k1 - k0) / 1e3 / n,
             other_pct=max(0.0, 100.0 * ((b1 - b0) - (c1[0] - c0[0]) - (own1 - own0) - (k1 - k0)) / span))
    return r
