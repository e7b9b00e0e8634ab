// What a mixed room costs at least on this machine: everybody sends a packet each 20 ms and gets one. At each tick all
// that came is read and decrypted, the talkers are decoded, and mixed for each of them without himself and once for all
// others; each mix is encoded once, and everybody's packet is encrypted with his own AES-128-GCM key and sent with
// sendmmsg. No ICE, no reports, no jitter buffer, no selection. A second process is everybody.
//
//   mix_floor PEOPLE TALKERS SECONDS
//
// Opus as Parley sets it: 48 kHz mono, 32 kb/s, 20 ms, complexity 5. Prints the processor time of the mixing process in
// milliseconds for each person and second, the operating system's account.

#include "floor.h"

#include <math.h>

// libopus, whose header need not be installed.
typedef struct OpusEncoder OpusEncoder;
typedef struct OpusDecoder OpusDecoder;
extern OpusEncoder *opus_encoder_create(int32_t rate, int channels, int application, int *error);
extern int opus_encoder_ctl(OpusEncoder *encoder, int request, ...);
extern int32_t opus_encode_float(OpusEncoder *encoder, const float *pcm, int size, unsigned char *data, int32_t length);
extern OpusDecoder *opus_decoder_create(int32_t rate, int channels, int *error);
extern int opus_decode_float(OpusDecoder *decoder, const unsigned char *data, int32_t length, float *pcm, int size, int fec);

enum { RATE = 48000, FRAME = 960, VOIP = 2048, SET_BITRATE = 4002, SET_COMPLEXITY = 4010, VOICE_FRAMES = 250, LISTENERS_MAX = 1000 };

static OpusEncoder *encoder(void) {
  int error;
  OpusEncoder *made = opus_encoder_create(RATE, 1, VOIP, &error);
  if (error) fail("opus_encoder_create");
  opus_encoder_ctl(made, SET_BITRATE, 32000);
  opus_encoder_ctl(made, SET_COMPLEXITY, 5);
  return made;
}

// Five seconds of something like a voice: harmonics of a wandering pitch in syllables, with breath.
static void voice(unsigned char packets[VOICE_FRAMES][DATAGRAM_MAX], int *lengths) {
  OpusEncoder *made = encoder();
  float pcm[FRAME];
  double phase = 0;
  for (int frame = 0; frame < VOICE_FRAMES; frame++) {
    for (int i = 0; i < FRAME; i++) {
      double t = (frame * (double)FRAME + i) / RATE, sum = 0;
      phase += 2 * M_PI * (130 + 25 * sin(2 * M_PI * 0.7 * t)) / RATE;
      for (int harmonic = 1; harmonic <= 20; harmonic++) sum += sin(harmonic * phase) / harmonic;
      double syllable = pow(sin(2 * M_PI * 1.9 * t), 2);
      pcm[i] = (float)(0.12 * syllable * sum + 0.01 * (rand() / (double)RAND_MAX - 0.5));
    }
    lengths[frame] = opus_encode_float(made, pcm, FRAME, packets[frame], 1200);
  }
}

// Everybody: each at his own moment of the 20 ms sends the voice's next packet, and reads what comes.
static void talk(int *sockets, int people, struct sockaddr_in *server, unsigned char packets[VOICE_FRAMES][DATAGRAM_MAX],
                 const int *lengths) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int poll = poll_for(sockets, people);
  EVP_CIPHER_CTX **ciphers = calloc(people, sizeof *ciphers);
  for (int i = 0; i < people; i++) ciphers[i] = gcm(1, i);
  unsigned char packet[DATAGRAM_MAX];
  long long due = now_ns(CLOCK_MONOTONIC);
  for (uint32_t frame = 0;; frame++) {
    for (int i = 0; i < people; i++) {
      int of = (frame + 17 * i) % VOICE_FRAMES;
      int length = protect(ciphers[i], packet, i, frame, packets[of], lengths[of]);
      sendto(sockets[i], packet, length, 0, (struct sockaddr *)server, sizeof *server);
      read_ready(poll, 0);
      next_tick(&due, 1000000000L / TICKS_PER_SECOND / people);
    }
  }
}

int main(int argc, char **argv) {
  int people = argc == 4 ? atoi(argv[1]) : 0, talkers = argc == 4 ? atoi(argv[2]) : 0, seconds = argc == 4 ? atoi(argv[3]) : 0;
  if (people < 1 || people > LISTENERS_MAX || talkers < 1 || talkers > people || seconds < 1 || seconds > 600) {
    fprintf(stderr, "usage: mix_floor PEOPLE(1..1000) TALKERS(1..PEOPLE) SECONDS(1..600)\n");
    return 2;
  }
  many_files();
  static unsigned char packets[VOICE_FRAMES][DATAGRAM_MAX];
  static int lengths[VOICE_FRAMES];
  voice(packets, lengths);
  static struct batch batch;
  struct sockaddr_in *addresses = calloc(people, sizeof *addresses), own;
  int *sockets = calloc(people, sizeof *sockets);
  for (int i = 0; i < people; i++) sockets[i] = loopback_socket(&addresses[i]);
  batch.socket = loopback_socket(&own);
  pid_t child = fork();
  check(child, "fork");
  if (child == 0) talk(sockets, people, &own, packets, lengths);
  for (int i = 0; i < people; i++) close(sockets[i]);

  EVP_CIPHER_CTX **in = calloc(people, sizeof *in), **out = calloc(people, sizeof *out);
  OpusDecoder **decoders = calloc(talkers, sizeof *decoders);
  OpusEncoder **encoders = calloc(talkers + 1, sizeof *encoders);
  float(*heard)[FRAME] = calloc(talkers, sizeof *heard), all[FRAME], mix[FRAME];
  for (int i = 0; i < people; i++) in[i] = gcm(0, i), out[i] = gcm(1, i);
  for (int i = 0, error; i < talkers; i++) decoders[i] = opus_decoder_create(RATE, 1, &error);
  for (int i = 0; i <= talkers; i++) encoders[i] = encoder();

  static unsigned char received[BATCH][DATAGRAM_MAX], encoded[DATAGRAM_MAX];
  static struct mmsghdr messages[BATCH];
  static struct iovec vectors[BATCH];
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){received[i], DATAGRAM_MAX};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  long long due = now_ns(CLOCK_MONOTONIC);
  double before = 0;
  long read = 0, refused = 0;
  for (long tick = 0; tick < (long)(seconds + 1) * TICKS_PER_SECOND; tick++) {
    if (tick == TICKS_PER_SECOND) {  // The first second warms up.
      before = processor_seconds();
      read = batch.sent = 0;
    }
    int count;
    do {
      count = recvmmsg(batch.socket, messages, BATCH, MSG_DONTWAIT, NULL);
      for (int i = 0; i < count; i++) {
        uint32_t ssrc;
        memcpy(&ssrc, received[i] + 8, 4);
        ssrc = ntohl(ssrc);
        int length = ssrc < (uint32_t)people ? unprotect(in[ssrc], received[i], messages[i].msg_len) : -1;
        if (length < 0) refused++;
        else if (ssrc < (uint32_t)talkers) opus_decode_float(decoders[ssrc], received[i] + HEADER, length, heard[ssrc], FRAME, 0);
        read++;
      }
    } while (count == BATCH);
    memset(all, 0, sizeof all);
    for (int i = 0; i < talkers; i++)
      for (int k = 0; k < FRAME; k++) all[k] += heard[i][k];
    int length = opus_encode_float(encoders[talkers], all, FRAME, encoded, 1200);
    for (int i = talkers; i < people; i++)
      add(&batch, protect(out[i], slot(&batch), i, (uint32_t)tick, encoded, length), &addresses[i]);
    for (int i = 0; i < talkers; i++) {
      for (int k = 0; k < FRAME; k++) mix[k] = all[k] - heard[i][k];
      length = opus_encode_float(encoders[i], mix, FRAME, encoded, 1200);
      add(&batch, protect(out[i], slot(&batch), i, (uint32_t)tick, encoded, length), &addresses[i]);
    }
    flush(&batch);
    next_tick(&due, 1000000000L / TICKS_PER_SECOND);
  }
  double used = processor_seconds() - before;
  kill(child, SIGKILL);
  printf("%.3f ms a person and second, %ld packets read, %ld sent, %ld refused\n", used * 1e3 / people / seconds, read,
         batch.sent, refused + batch.refused);
  return 0;
}
