package dev.parley.benchmarks;

import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientState;
import dev.parley.benchmarks.client.FigureSum;
import dev.parley.benchmarks.client.PacketCounts;
import dev.parley.benchmarks.client.Signalling;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.benchmarks.client.janus.AudioBridgeRoom;
import dev.parley.benchmarks.client.janus.StreamingMountpoint;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * All participants of one run. They join on a schedule that does not wait for those before (open
 * loop), one virtual thread each for the signalling; media runs on the loops of {@link
 * LoadClients}. Owner: the thread that made it.
 */
final class LoadCall implements AutoCloseable {
  private static final long CONNECT_SECONDS = 40;
  private static final long ANSWER_SECONDS = 10;

  private final LoadOptions options;
  private final LoadClients clients;
  private final Signalling signalling;
  private final Places places;
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> answerNs = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> joinNs = new ConcurrentLinkedQueue<>();
  private final Set<Integer> changing = ConcurrentHashMap.newKeySet();
  private final AtomicInteger replaced = new AtomicInteger();

  LoadCall(LoadOptions options) throws IOException {
    this.options = options;
    this.clients = new LoadClients(options);
    this.places = new Places(options.participants);
    this.signalling = signalling(options, clients.firstVoice());
  }

  private static Signalling signalling(LoadOptions options, VoiceSource talker) {
    return switch (options.server) {
      case PARLEY -> new ParleySignalling(options);
      case AUDIOBRIDGE -> new AudioBridgeRoom(options.url);
      case STREAMING -> new StreamingMountpoint(options.url, talker);
    };
  }

  /** Joins them all; returns when each is connected or has failed. */
  void join() throws IOException, InterruptedException {
    signalling.prepare();
    long startNs = System.nanoTime();
    try (ExecutorService joiners = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < options.participants; i++) {
        WebRtcClient client = clients.make(i);
        places.take(i, client);
        long dueNs = startNs + options.joinTime().toNanos() * i / Math.max(1, options.participants);
        joiners.execute(() -> join(client, dueNs));
      }
    }
  }

  /**
   * Has one leave, and another join in its place at once. Does nothing if the one there is still
   * joining, or is not connected: then the run has failed anyway. Blocking; any thread.
   */
  void replace(int place) {
    if (!changing.add(place)) {
      return;
    }
    try {
      WebRtcClient leaving = places.at(place);
      if (leaving == null) {
        return;
      }
      // A ticket is no part of a join, as at the beginning.
      int number = leaving.settings().number() + options.participants;
      signalling.invite(number);
      ClientFigures figures = leaving.figures().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (figures.state() != ClientState.CONNECTED) {
        return;
      }
      // What is on its way to somebody who leaves is not lost: the figures end here.
      places.leave(place, figures);
      signalling.leave(leaving);
      leaving.close().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      WebRtcClient joining = clients.make(number);
      join(joining, System.nanoTime());
      places.take(place, joining);
      replaced.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | ExecutionException | TimeoutException e) {
      failures.add("replacing participant " + place + ": " + e.getMessage());
    } finally {
      changing.remove(place);
    }
  }

  /** How many have left and been replaced. */
  int replaced() {
    return replaced.get();
  }

  /** The time of a join counts from when it was due, also if this thread came to it later. */
  private void join(WebRtcClient client, long dueNs) {
    try {
      TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
      signalling.join(client);
      answerNs.add(System.nanoTime() - dueNs);
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
    Places.View view = places.view();
    FigureSum sum = new FigureSum();
    sum.add(view.departed());
    ClientState state = ClientState.CONNECTED;
    String reason = "";
    for (WebRtcClient client : view.present()) {
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
   * Clients that have not received anything since the figures given, which are then replaced; those
   * to whom nobody sends do not count.
   */
  int silentSince(long[] receivedBefore) throws Exception {
    int silent = 0;
    for (int i = 0; i < options.participants; i++) {
      WebRtcClient client = places.at(i);
      if (client == null) {
        continue;
      }
      long received = client.counts().get(ANSWER_SECONDS, TimeUnit.SECONDS).received();
      boolean isHeard = options.heardBy(i) > 0 && !options.mayBeSilent();
      silent += received == receivedBefore[i] && isHeard ? 1 : 0;
      receivedBefore[i] = received;
    }
    return silent;
  }

  /** The sum of what is cheap enough to be asked for each second. */
  PacketCounts counts() throws InterruptedException, ExecutionException, TimeoutException {
    Places.View view = places.view();
    ClientFigures left = view.departed();
    long injected = left.injected().lostIn() + left.injected().lostOut();
    PacketCounts sum = new PacketCounts(left.sent(), left.received(), left.lost(), injected);
    for (WebRtcClient client : view.present()) {
      sum = sum.plus(client.counts().get(ANSWER_SECONDS, TimeUnit.SECONDS));
    }
    return sum;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Milliseconds from when a join was due to connected. Read it after {@link #join}. */
  Histogram joinMs() {
    return histogramMs(joinNs);
  }

  /** Milliseconds from when a join was due to the server's answer: the signalling part of it. */
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
    return clients.lateUs();
  }

  /**
   * Leaves, and closes everything. What goes wrong then is noted, for the run's verdict does not
   * hang on goodbyes.
   */
  @Override
  public void close() {
    try {
      failures.addAll(signalling.leave());
      for (WebRtcClient client : places.view().present()) {
        client.close().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      failures.add("closing: " + e.getMessage());
    }
    clients.close();
    signalling.close();
  }
}
