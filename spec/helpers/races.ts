/**
 * A Python program that connects again and again, and at once does something that changes whose connection it
 * is. It is run by two files of different paths: one that is let in and one that is not.
 *
 * Arguments: its own letter (`A` is let in, `F` is not), port, where it listens for connections that are
 * handed over, where the other one does, a Perl that is let in, a Perl that is not, and how many races.
 *
 * Whoever is told a verdict answers with its letter and since when, at the latest, it has had the
 * connection, by the clock CLOCK_MONOTONIC in nanoseconds. With `CA` in its environment it asks for a page, by
 * TLS, instead, and prints what becomes of that; `ONLY` has the names of the races that are run then.
 */
export const racer = `
import os, random, select, signal, socket, sys, time

letter, port, mine, others, good, bad, races = sys.argv[1:]
port, races = int(port), int(races)
now = time.monotonic_ns

if 'CA' in os.environ:
    # Says what becomes of a request, instead.
    import ssl
    context = ssl.create_default_context(cafile=os.environ['CA'])
    def speak(conn, since):
        try:
            with context.wrap_socket(conn, server_hostname='localhost') as secure:
                secure.send(b'GET / HTTP/1.1\\r\\nhost: localhost\\r\\nconnection: close\\r\\n\\r\\n')
                said = secure.recv(12)
        except OSError as error:
            said = b'nothing'
        os.write(1, b'%s: %s\\n' % (letter.encode(), said))
else:
    def speak(conn, since):
        try:
            if conn.recv(1):
                conn.send(b'%s %d\\n' % (letter.encode(), since))
                conn.recv(1)
        except OSError:
            pass

# Reads by descriptor 3, as speak does.
reads = '''use Time::HiRes; my $t = int(1e9 * Time::HiRes::clock_gettime(1)); my $l = shift; open(my $c, "+<&=", 3) or exit;
alarm 20; sysread($c, my $v, 1) and syswrite($c, "$l $t\\n") and sysread($c, $v, 1);'''
holds = 'alarm 20; open(my $c, "<&=", 3); sleep 1 for 1..20'

def execute(file, conn, script, *more):
    if conn.fileno() != 3:
        os.dup2(conn.fileno(), 3)
    os.set_inheritable(3, True)
    os.execv(file, [file, '-e', script, *more])

def hold(file, conn):
    child = os.fork()
    if child == 0:
        execute(file, conn, holds)
    return child

def listen():
    # Takes what is handed over: 'r' to speak, 'k' to keep it for a while.
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(mine)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print('listening', flush=True)
    while True:
        what, fds, _, _ = socket.recv_fds(server, 1, 1)
        since = now()
        if os.fork() == 0:
            signal.alarm(20)
            conn = socket.socket(fileno=fds[0])
            if what == b'r':
                speak(conn, since)
            time.sleep(.3)
            os._exit(0)
        os.close(fds[0])

def hand(conn, what):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.connect(others)
        socket.send_fds(out, [what], [conn.fileno()])

def pause():
    until = time.monotonic() + random.choice([0, 0, .002, .005, .01, .02]) * random.random()
    while time.monotonic() < until:
        pass

def f_dies(conn, since):
    pause()

def f_forks(conn, since):
    pause()
    child = hold(good, conn)
    speak(conn, since)
    os.kill(child, signal.SIGKILL)

def f_forks_on_and_on(conn, since):
    child = hold(good, conn)
    until = time.monotonic() + .03
    while time.monotonic() < until:
        if os.fork():
            os._exit(0)
    signal.alarm(20)
    speak(conn, since)
    os.kill(child, signal.SIGKILL)

def f_executes(conn, since):
    pause()
    execute(good, conn, reads, 'A')

def f_hands_and_keeps(conn, since):
    pause()
    hand(conn, b'k')
    speak(conn, since)

def f_hands_and_closes(conn, since):
    pause()
    hand(conn, b'r')

def a_executes(conn, since):
    pause()
    execute(bad, conn, reads, 'F')

def a_forks(conn, since):
    pause()
    child = os.fork()
    if child == 0:
        execute(bad, conn, reads, 'F')
    os.waitpid(child, 0)

def a_hands_and_keeps(conn, since):
    pause()
    hand(conn, b'r')
    time.sleep(.3)

def a_stays(conn, since):
    speak(conn, since)

own = [each for name, each in list(globals().items()) if name.startswith(letter.lower() + '_')]
if 'ONLY' in os.environ:
    own = [each for each in own if each.__name__ in os.environ['ONLY'].split()]
receiver = os.fork()
if receiver == 0:
    listen()
sys.stdin.readline()
running = 0
for race in range(races):
    if running == 6:
        os.wait()
        running -= 1
    which = own[race % len(own)]
    running += 1
    if os.fork() == 0:
        signal.alarm(20)
        since = now()
        conn = socket.socket()
        conn.connect(('127.0.0.1', port))
        which(conn, since)
        os._exit(0)
while running:
    os.wait()
    running -= 1
# The receiver stays: the other one may go on for a while.
print('done', flush=True)
`;
