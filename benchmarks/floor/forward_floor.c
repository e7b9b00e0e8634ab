// What forwarding costs at least on this machine: one talker's packet to many receivers, each time encrypted with the
// receiver's own AES-128-GCM key and handed to the kernel by sendmmsg, from one socket to as many as there are receivers.
// No ICE, no reports, no selection, no receiving. A second process reads the receivers' sockets each millisecond: if it
// waited for them, the sender would be charged with waking it.
//
//   forward_floor RECEIVERS PAYLOAD_BYTES SECONDS
//
// Prints the processor time of the sending process in microseconds a packet, the operating system's account.
#include "floor.h"

enum { BEAT_NS = 1000000 };

static void receive_all(const int *sockets, int count) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int poll = poll_for(sockets, count);
  long long due = now_ns(CLOCK_MONOTONIC);
  for (;;) {
    read_ready(poll, 0);
    next_tick(&due, BEAT_NS);
  }
}

int main(int argc, char **argv) {
  int receivers = argc == 4 ? atoi(argv[1]) : 0, payload = argc == 4 ? atoi(argv[2]) : 0;
  int seconds = argc == 4 ? atoi(argv[3]) : 0;
  if (receivers < 1 || receivers > 10000 || payload < 1 || payload > 1200 || seconds < 1 || seconds > 600) {
    fprintf(stderr, "usage: forward_floor RECEIVERS(1..10000) PAYLOAD_BYTES(1..1200) SECONDS(1..600)\n");
    return 2;
  }
  many_files();
  struct sockaddr_in *addresses = calloc(receivers, sizeof *addresses), own;
  int *sockets = calloc(receivers, sizeof *sockets);
  EVP_CIPHER_CTX **ciphers = calloc(receivers, sizeof *ciphers);
  for (int i = 0; i < receivers; i++) {
    sockets[i] = loopback_socket(&addresses[i]);
    ciphers[i] = gcm(1, i);
  }
  pid_t child = fork();
  check(child, "fork");
  if (child == 0) receive_all(sockets, receivers);
  for (int i = 0; i < receivers; i++) close(sockets[i]);

  static struct batch batch;
  batch.socket = loopback_socket(&own);
  unsigned char talk[DATAGRAM_MAX];
  for (int i = 0; i < payload; i++) talk[i] = (unsigned char)rand();
  long long due = now_ns(CLOCK_MONOTONIC);
  double before = 0;
  for (long tick = 0; tick < (long)(seconds + 1) * TICKS_PER_SECOND; tick++) {
    if (tick == TICKS_PER_SECOND) {  // The first second warms up.
      before = processor_seconds();
      batch.sent = 0;
    }
    for (int i = 0; i < receivers; i++) {
      int length = protect(ciphers[i], slot(&batch), i, (uint32_t)tick, talk, payload);
      add(&batch, length, &addresses[i]);
    }
    flush(&batch);
    next_tick(&due, 1000000000L / TICKS_PER_SECOND);
  }
  double used = processor_seconds() - before;
  kill(child, SIGKILL);
  printf("%.3f us a packet, %ld packets, %ld refused\n", used * 1e6 / batch.sent, batch.sent, batch.refused);
  return 0;
}
