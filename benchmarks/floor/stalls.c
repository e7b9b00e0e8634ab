// Tells when this machine stood still: one process a processor, at the highest real-time priority, wakes every
// millisecond and prints when it should have woken and how much later it did, both in nanoseconds of CLOCK_MONOTONIC,
// if that is more than a millisecond. Nothing of Parley has such a priority, so what delays these processes is the
// kernel itself or a host that runs somebody else. Ends when its standard input does.
#define _GNU_SOURCE
#include "clock.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PERIOD_NS = 1000000, PROCESSORS_MAX = 1024, LOOK_MS = 500 };

static void watch(int processor) {
  struct sched_param first = {.sched_priority = sched_get_priority_max(SCHED_FIFO)};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (stay_on(processor) < 0 || sched_setscheduler(0, SCHED_FIFO, &first) < 0) {
    perror("real-time priority");
    _exit(2);
  }
  mlockall(MCL_CURRENT | MCL_FUTURE);
  long long due = now_ns(CLOCK_MONOTONIC);
  while (getppid() != 1) {
    due += PERIOD_NS;
    sleep_until(due);
    long long late = now_ns(CLOCK_MONOTONIC) - due;
    if (late > PERIOD_NS) {
      char line[64];
      int length = snprintf(line, sizeof line, "%lld %lld\n", due, late);
      if (write(STDOUT_FILENO, line, length) != length) _exit(2);
      due += late;
    }
  }
}

int main(void) {
  cpu_set_t mine;
  pid_t children[PROCESSORS_MAX];
  int count = 0;
  if (sched_getaffinity(0, sizeof mine, &mine) < 0) return 2;
  for (int processor = 0; processor < PROCESSORS_MAX; processor++) {
    if (!CPU_ISSET(processor, &mine)) continue;
    pid_t child = fork();
    if (child < 0) return 2;
    if (child == 0) {
      watch(processor);
      _exit(0);
    }
    children[count++] = child;
  }
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  int failed = 0;
  while (!failed && poll(&input, 1, LOOK_MS) == 0) failed = waitpid(-1, NULL, WNOHANG) != 0;
  for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
  return failed ? 2 : 0;
}
