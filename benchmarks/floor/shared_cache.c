// Tells what a processor loses while the other does the same as it: a loop of arithmetic, and reads and writes all over
// so much memory of its own, takes so many nanoseconds of processor time for a turn, alone and with a second such loop
// on the next processor. What fits the processor's own caches should take as long; what does not, shares the machine's.
// Three rounds for each size: the machine's other guests share them, too. Half a minute.
#define _GNU_SOURCE
#include "clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 3, WARM_UP = 5000000, TURNS = 60000000, TURNS_AT_ONCE = 100000 };

struct load {
  int processor;
  size_t words;
  atomic_int *is_over;
};

static uint64_t turns(uint64_t *memory, size_t words, uint64_t x, int count) {
  for (int i = 0; i < count; i++) {
    x = x * 6364136223846793005ull + 1442695040888963407ull;
    memory[(x >> 33) % words] += x ^ (uint64_t) i;
    x += memory[(x >> 13) % words] & 1 ? x >> 7 : 3;
  }
  return x;
}

static void *beside(void *given) {
  struct load *load = given;
  uint64_t *memory = calloc(load->words, sizeof *memory);
  volatile uint64_t x = 7;
  if (stay_on(load->processor) < 0 || memory == NULL) {
    perror("second processor");
    exit(2);
  }
  while (!atomic_load(load->is_over)) {
    x = turns(memory, load->words, x, TURNS_AT_ONCE);
  }
  free(memory);
  return NULL;
}

static double measured_ns(size_t words) {
  uint64_t *memory = calloc(words, sizeof *memory);
  if (memory == NULL) {
    perror("memory");
    exit(2);
  }
  volatile uint64_t x = turns(memory, words, 1, WARM_UP);
  long long start = now_ns(CLOCK_THREAD_CPUTIME_ID);
  x = turns(memory, words, x, TURNS);
  long long spent = now_ns(CLOCK_THREAD_CPUTIME_ID) - start;
  free(memory);
  return (double) spent / TURNS;
}

int main(void) {
  static const size_t KIB[] = {16, 256, 2048, 8192};
  if (stay_on(0) < 0) {
    perror("first processor");
    return 2;
  }
  for (size_t i = 0; i < sizeof KIB / sizeof *KIB; i++) {
    for (int round = 0; round < ROUNDS; round++) {
      atomic_int is_over = 0;
      struct load other = {1, KIB[i] * 1024 / sizeof(uint64_t), &is_over};
      pthread_t thread;
      double alone = measured_ns(other.words);
      if (pthread_create(&thread, NULL, beside, &other) != 0) {
        perror("thread");
        return 2;
      }
      double both = measured_ns(other.words);
      atomic_store(&is_over, 1);
      pthread_join(thread, NULL);
      printf("%5zu KiB: alone %5.2f ns, with the other %5.2f ns, %3.0f %%\n", KIB[i], alone, both, 100 * both / alone);
    }
  }
  return 0;
}
