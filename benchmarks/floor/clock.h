// What the programs here share of this machine: its clocks in nanoseconds, and one processor to stay on. Wants _GNU_SOURCE.
#pragma once
#include <errno.h>
#include <sched.h>
#include <time.h>

enum { SECOND_NS = 1000000000 };

static inline long long now_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * (long long)SECOND_NS + time.tv_nsec;
}

// Until this time of CLOCK_MONOTONIC.
static inline void sleep_until(long long due_ns) {
  struct timespec due = {due_ns / SECOND_NS, due_ns % SECOND_NS};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR) {
  }
}

// Negative if it may not.
static inline int stay_on(int processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(processor, &one);
  return sched_setaffinity(0, sizeof one, &one);
}
