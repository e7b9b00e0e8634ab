// What the floors share: sockets on loopback, AES-128-GCM as SRTP uses it (RFC 7714), batches for sendmmsg, and the
// processor time of this process.
#define _GNU_SOURCE
#include "clock.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 12, TAG = 16, BATCH = 64, DATAGRAM_MAX = 1500, TICKS_PER_SECOND = 50, SOCKET_BUFFER = 4 << 20 };

static inline void fail(const char *what) {
  perror(what);
  exit(2);
}

static inline void check(int answer, const char *what) {
  if (answer < 0) fail(what);
}

static inline void many_files(void) {
  struct rlimit files = {20000, 20000};
  setrlimit(RLIMIT_NOFILE, &files);
}

static inline int loopback_socket(struct sockaddr_in *address) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  check(fd, "socket");
  memset(address, 0, sizeof *address);
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(fd, (struct sockaddr *)address, sizeof *address), "bind");
  socklen_t length = sizeof *address;
  check(getsockname(fd, (struct sockaddr *)address, &length), "getsockname");
  int buffer = SOCKET_BUFFER;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  return fd;
}

static inline EVP_CIPHER_CTX *gcm(int encrypts, int number) {
  unsigned char key[16] = {(unsigned char)number, (unsigned char)(number >> 8), 1};
  EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
  if (!EVP_CipherInit_ex(cipher, EVP_aes_128_gcm(), NULL, key, NULL, encrypts)) fail("EVP_CipherInit_ex");
  return cipher;
}

static inline void gcm_iv(unsigned char *iv, uint32_t ssrc, uint32_t sequence) {
  memset(iv, 0, 12);
  memcpy(iv + 2, &ssrc, 4);
  memcpy(iv + 8, &sequence, 4);
}

// An SRTP packet of the payload; returns its length.
static inline int protect(EVP_CIPHER_CTX *cipher, unsigned char *packet, uint32_t ssrc, uint32_t sequence,
                          const unsigned char *payload, int length) {
  unsigned char iv[12];
  uint32_t net_ssrc = htonl(ssrc), net_sequence = htonl(sequence);
  int written;
  packet[0] = 0x80;
  packet[1] = 111;
  memcpy(packet + 2, (unsigned char *)&net_sequence + 2, 2);
  memcpy(packet + 4, &net_sequence, 4);
  memcpy(packet + 8, &net_ssrc, 4);
  gcm_iv(iv, net_ssrc, net_sequence);
  EVP_CipherInit_ex(cipher, NULL, NULL, NULL, iv, -1);
  EVP_CipherUpdate(cipher, NULL, &written, packet, HEADER);
  EVP_CipherUpdate(cipher, packet + HEADER, &written, payload, length);
  EVP_CipherFinal_ex(cipher, packet + HEADER + length, &written);
  EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG, packet + HEADER + length);
  return HEADER + length + TAG;
}

// Decrypts in place; returns the payload's length, or -1 if the packet is not authentic.
static inline int unprotect(EVP_CIPHER_CTX *cipher, unsigned char *packet, int length) {
  unsigned char iv[12];
  uint32_t ssrc, sequence;
  int written, payload = length - HEADER - TAG;
  if (payload < 1) return -1;
  memcpy(&sequence, packet + 4, 4);
  memcpy(&ssrc, packet + 8, 4);
  gcm_iv(iv, ssrc, sequence);
  EVP_CipherInit_ex(cipher, NULL, NULL, NULL, iv, -1);
  EVP_CipherUpdate(cipher, NULL, &written, packet, HEADER);
  EVP_CipherUpdate(cipher, packet + HEADER, &written, packet + HEADER, payload);
  EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG, packet + HEADER + payload);
  return EVP_CipherFinal_ex(cipher, packet + HEADER + payload, &written) > 0 ? payload : -1;
}

// Datagrams that wait for one sendmmsg.
struct batch {
  int socket, count;
  long sent, refused;
  struct mmsghdr messages[BATCH];
  struct iovec vectors[BATCH];
  unsigned char datagrams[BATCH][DATAGRAM_MAX];
};

static inline void flush(struct batch *batch) {
  for (int done = 0; done < batch->count;) {
    int taken = sendmmsg(batch->socket, batch->messages + done, batch->count - done, 0);
    if (taken < 0) {
      batch->refused++;
      taken = 1;
    } else {
      batch->sent += taken;
    }
    done += taken;
  }
  batch->count = 0;
}

// Where the next datagram is to be written.
static inline unsigned char *slot(struct batch *batch) {
  if (batch->count == BATCH) flush(batch);
  return batch->datagrams[batch->count];
}

static inline void add(struct batch *batch, int length, struct sockaddr_in *to) {
  int i = batch->count++;
  batch->vectors[i] = (struct iovec){batch->datagrams[i], length};
  batch->messages[i].msg_hdr =
      (struct msghdr){.msg_name = to, .msg_namelen = sizeof *to, .msg_iov = &batch->vectors[i], .msg_iovlen = 1};
}

static inline void next_tick(long long *due_ns, long nanos) {
  *due_ns += nanos;
  sleep_until(*due_ns);
}

static inline double processor_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static inline int poll_for(const int *sockets, int count) {
  int poll = epoll_create1(0);
  check(poll, "epoll_create1");
  for (int i = 0; i < count; i++) {
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = sockets[i]};
    check(epoll_ctl(poll, EPOLL_CTL_ADD, sockets[i], &interest), "epoll_ctl");
  }
  return poll;
}

static inline void read_ready(int poll, int timeout_ms) {
  struct epoll_event ready[256];
  char datagram[DATAGRAM_MAX];
  int events = epoll_wait(poll, ready, 256, timeout_ms);
  for (int i = 0; i < events; i++) {
    while (recv(ready[i].data.fd, datagram, sizeof datagram, 0) > 0) {
    }
  }
}
