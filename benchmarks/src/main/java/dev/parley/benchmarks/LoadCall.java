package dev.parley.benchmarks;

import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.ClientState;
import dev.parley.benchmarks.client.FigureSum;
import dev.parley.benchmarks.client.SessionApi;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * All participants of one run. They join on a schedule that does not wait for those before (open
 * loop), one virtual thread each for the REST call; media runs on the {@link ClientLoop}s. Owner:
 * the thread that made it.
 */
final class LoadCall implements AutoCloseable {
  private static final int VOICE_SECONDS = 20;
  private static final int TALKING_INTERVAL_MS = 20;
  private static final double SPEECH_DBOV = -22;
  private static final long CONNECT_SECONDS = 40;
  private static final long ANSWER_SECONDS = 10;

  private final LoadOptions options;
  private final SessionApi api;
  private final DtlsClient dtls;
  private final List<ClientLoop> loops = new ArrayList<>();
  private final List<WebRtcClient> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<SessionApi.Stay> stays = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> answerNs = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> joinNs = new ConcurrentLinkedQueue<>();

  LoadCall(LoadOptions options) throws IOException {
    this.options = options;
    this.api = new SessionApi(options.url);
    SecureRandom random = new SecureRandom();
    this.dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(Runtime.getRuntime().availableProcessors()),
            random,
            System::nanoTime);
    for (int i = 0; i < options.loops; i++) {
      loops.add(new ClientLoop("clients-" + i));
    }
  }

  /**
   * Gets everybody a token beforehand: the joins are to be measured, not the quotas of what comes
   * before them.
   */
  private List<SessionApi.Ticket> tickets() throws IOException, InterruptedException {
    List<SessionApi.Ticket> tickets = new ArrayList<>();
    String key = options.keyFile == null ? "" : Files.readString(options.keyFile).strip();
    List<String> conferences = new ArrayList<>();
    for (int i = 0; i < options.participants; i++) {
      String identity = "load-" + options.seed + '-' + i;
      if (key.isEmpty()) {
        tickets.add(api.enter("load-" + options.seed + '-' + i % options.rooms, identity));
      } else {
        if (i < options.rooms) {
          conferences.add(api.create(key, options.roomSize()));
        }
        tickets.add(api.mint(key, conferences.get(i % options.rooms), identity));
      }
    }
    return tickets;
  }

  /** Joins them all; returns when each is connected or has failed. */
  void join() throws IOException, InterruptedException {
    List<SessionApi.Ticket> tickets = tickets();
    List<VoiceSource> voices = voices();
    VoiceSource quiet = VoiceSource.quietRoom(options.seed);
    long startNs = System.nanoTime();
    try (ExecutorService joiners = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < options.participants; i++) {
        int seat = i / options.rooms;
        boolean mix = seat < options.mixed;
        boolean talks = seat < options.talkers;
        VoiceSource voice = talks ? voices.get(seat % voices.size()) : quiet;
        int intervalMs = talks ? TALKING_INTERVAL_MS : options.quietIntervalMs;
        ClientSettings settings =
            new ClientSettings(i, mix ? 1 : options.slots, voice, intervalMs, false, isLoopback());
        WebRtcClient client =
            new WebRtcClient(
                settings, loops.get(i % loops.size()), dtls, options.seed * 1_000_003 + i);
        clients.add(client);
        long dueNs = startNs + options.joinTime().toNanos() * i / Math.max(1, options.participants);
        SessionApi.Ticket ticket = tickets.get(i);
        joiners.execute(() -> join(client, ticket, mix, dueNs));
      }
    }
  }

  private boolean isLoopback() {
    String host = options.url.getHost();
    return host.equals("localhost") || host.equals("127.0.0.1");
  }

  private List<VoiceSource> voices() {
    List<VoiceSource> voices = new ArrayList<>();
    for (int i = 0; i < Math.max(1, Math.min(options.talkers, 8)); i++) {
      // A decibel apart, so that which are the loudest is not a coin toss.
      voices.add(VoiceSource.speech(options.seed + i, VOICE_SECONDS, SPEECH_DBOV - i));
    }
    return voices;
  }

  /** The time of a join counts from when it was due, also if this thread came to it later. */
  private void join(WebRtcClient client, SessionApi.Ticket ticket, boolean mix, long dueNs) {
    try {
      TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
      SessionApi.Listening listening =
          mix ? SessionApi.Listening.MIX : SessionApi.Listening.FORWARD;
      SessionApi.Stay stay = api.join(ticket, client.offer(), listening);
      stays.add(stay);
      answerNs.add(System.nanoTime() - dueNs);
      client.start(stay.answer());
      client.connected().get(CONNECT_SECONDS, TimeUnit.SECONDS);
      joinNs.add(System.nanoTime() - dueNs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      failures.add("participant " + client.settings().number() + ": " + e.getMessage());
    }
  }

  /** The sum over all clients; connected only if every one is. */
  ClientFigures figures() throws Exception {
    FigureSum sum = new FigureSum();
    ClientState state = ClientState.CONNECTED;
    String reason = "";
    for (WebRtcClient client : clients) {
      ClientFigures figures = client.figures().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      sum.add(figures);
      if (figures.state() != ClientState.CONNECTED) {
        state = figures.state();
        reason =
            "participant "
                + client.settings().number()
                + ' '
                + figures.state()
                + ' '
                + figures.reason();
      }
    }
    return sum.figures(state, reason, 0, 0);
  }

  /**
   * Clients that ought to hear somebody and have not received anything since the figures given,
   * which are then replaced.
   */
  int silentSince(long[] receivedBefore) throws Exception {
    int silent = 0;
    for (int i = 0; i < clients.size(); i++) {
      long received = clients.get(i).figures().get(ANSWER_SECONDS, TimeUnit.SECONDS).received();
      boolean isSilent = received == receivedBefore[i] && options.linesHeard(i) > 0;
      silent += isSilent ? 1 : 0;
      receivedBefore[i] = received;
    }
    return silent;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Milliseconds from when a join was due to connected. Read it after {@link #join}. */
  Histogram joinMs() {
    return histogramMs(joinNs);
  }

  /** Milliseconds from when a join was due to the session service's answer: the REST part of it. */
  Histogram answerMs() {
    return histogramMs(answerNs);
  }

  private static Histogram histogramMs(Iterable<Long> durationsNs) {
    Histogram histogram = new Histogram(TimeUnit.MINUTES.toMillis(5), 3);
    for (long durationNs : durationsNs) {
      histogram.recordValue(TimeUnit.NANOSECONDS.toMillis(durationNs));
    }
    return histogram;
  }

  /** How late the loops were, in microseconds. */
  Histogram lateUs() {
    Histogram sum = new Histogram(TimeUnit.SECONDS.toMicros(10), 3);
    for (ClientLoop loop : loops) {
      sum.add(loop.lateUs());
    }
    return sum;
  }

  /**
   * Leaves, and closes everything. What goes wrong then is noted, for the run's verdict does not
   * hang on goodbyes.
   */
  @Override
  public void close() {
    try {
      for (SessionApi.Stay stay : stays) {
        leave(stay);
      }
      for (WebRtcClient client : clients) {
        client.close().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      failures.add("closing: " + e.getMessage());
    }
    for (ClientLoop loop : loops) {
      loop.close();
    }
    api.close();
  }

  private void leave(SessionApi.Stay stay) throws InterruptedException {
    try {
      api.leave(stay);
    } catch (IOException e) {
      failures.add("leaving: " + e.getMessage());
    }
  }
}
