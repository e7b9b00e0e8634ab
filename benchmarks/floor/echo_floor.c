// What this machine and its kernel alone add to a forwarded packet: one process sends, another reads and sends on to a
// socket of the first, each on a processor of its own, the second with the real-time priority that Parley's media threads
// ask for. Measured from just before the call that sends to the kernel's stamp at the last socket (SO_TIMESTAMPNS), so
// the reading there is not in it.
//
//   echo_floor ECHO_PROCESSOR SENDER_PROCESSOR PACKETS INTERVAL_MICROSECONDS PAYLOAD_BYTES
//
// Prints the delay that 50 %, 99 % and 99.9 % of the packets kept, in microseconds.
#include "floor.h"

enum { CONTROL_LENGTH = 256, LAST_WAIT_NS = 200000000 };

static void echo(int processor, int fd, const struct sockaddr_in *to) {
  struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_RR)};
  char datagram[DATAGRAM_MAX];
  int poll = poll_for(&fd, 1);
  struct epoll_event ready;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  check(stay_on(processor), "sched_setaffinity");
  sched_setscheduler(0, SCHED_RR, &lowest);  // Where it is not granted, the media threads have none either.
  for (;;) {
    epoll_wait(poll, &ready, 1, -1);
    ssize_t length;
    while ((length = recv(fd, datagram, sizeof datagram, 0)) > 0) {
      sendto(fd, datagram, length, 0, (const struct sockaddr *)to, sizeof *to);
    }
  }
}

// Notes the delays of all packets that have come; returns how many.
static int collect(int fd, long long *delays, int room) {
  int count = 0;
  while (count < room) {
    char datagram[DATAGRAM_MAX], control[CONTROL_LENGTH];
    struct iovec vector = {datagram, sizeof datagram};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(fd, &message, 0) < (ssize_t)sizeof(long long)) return count;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL; part = CMSG_NXTHDR(&message, part)) {
      if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec stamp;
        long long sent;
        memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        memcpy(&sent, datagram, sizeof sent);
        delays[count++] = stamp.tv_sec * (long long)SECOND_NS + stamp.tv_nsec - sent;
      }
    }
  }
  return count;
}

static int by_size(const void *one, const void *other) {
  long long a = *(const long long *)one, b = *(const long long *)other;
  return a < b ? -1 : a > b;
}

static double percentile(const long long *delays, int count, double part) {
  int index = (int)(count * part);
  return delays[index < count ? index : count - 1] / 1e3;
}

int main(int argc, char **argv) {
  int packets = argc == 6 ? atoi(argv[3]) : 0, interval = argc == 6 ? atoi(argv[4]) : 0;
  int payload = argc == 6 ? atoi(argv[5]) : 0;
  if (packets < 1 || packets > 1000000 || interval < 10 || interval > 1000000 || payload < 8 || payload > 1200) {
    fprintf(stderr,
            "usage: echo_floor ECHO_PROCESSOR SENDER_PROCESSOR PACKETS(1..1000000) INTERVAL_MICROSECONDS(10..1000000) "
            "PAYLOAD_BYTES(8..1200)\n");
    return 2;
  }
  struct sockaddr_in own, middle, last;
  int sender = loopback_socket(&own), echoing = loopback_socket(&middle), receiver = loopback_socket(&last), on = 1;
  check(setsockopt(receiver, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on), "SO_TIMESTAMPNS");
  pid_t child = fork();
  check(child, "fork");
  if (child == 0) echo(atoi(argv[1]), echoing, &last);
  check(stay_on(atoi(argv[2])), "sched_setaffinity");

  long long *delays = calloc(packets, sizeof *delays);
  char datagram[DATAGRAM_MAX] = {0};
  int count = 0;
  long long due = now_ns(CLOCK_MONOTONIC);
  for (int i = 0; i < packets; i++) {
    next_tick(&due, interval * 1000L);
    count += collect(receiver, delays + count, packets - count);
    long long now = now_ns(CLOCK_REALTIME);
    memcpy(datagram, &now, sizeof now);
    check(sendto(sender, datagram, payload, 0, (struct sockaddr *)&middle, sizeof middle), "sendto");
  }
  next_tick(&due, LAST_WAIT_NS);
  count += collect(receiver, delays + count, packets - count);
  kill(child, SIGKILL);
  if (count == 0) {
    fprintf(stderr, "no packet came back\n");
    return 2;
  }
  qsort(delays, count, sizeof *delays, by_size);
  printf("%.1f %.1f %.1f us, %d of %d packets\n", percentile(delays, count, 0.5), percentile(delays, count, 0.99),
         percentile(delays, count, 0.999), count, packets);
  return 0;
}
