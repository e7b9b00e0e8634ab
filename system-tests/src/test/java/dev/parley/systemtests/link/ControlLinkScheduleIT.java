package dev.parley.systemtests.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.tls.MutualTls;
import dev.parley.media.control.ControlLink;
import dev.parley.media.control.ControlLinkSettings;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.media.ControlLinkServer;
import dev.parley.session.media.ControlServerSettings;
import dev.parley.session.media.LinkedServers;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred schedules of breaks, each from its seed: with one session node or two, plain or with
 * certificates, a store that fails, cuts in the middle of frames.
 */
class ControlLinkScheduleIT {
  private static final int SCHEDULES = 100;
  private static final int AT_ONCE = 8;
  private static final int EVENTS = 60;
  private static final int ORDERS = 20;
  private static final int CONFERENCES = 3;
  private static final int PARTICIPANTS = 4;
  private static final String SERVER = "ms-1";

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void everyEventIsAppliedOnceAndEveryOrderAnswered() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "authority");
    MutualTls serverTls = authority.issue("session");
    MutualTls clientTls = authority.issue(SERVER);
    Semaphore slots = new Semaphore(AT_ONCE);
    AtomicInteger cuts = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> schedules = new ArrayList<>();
      for (int seed = 0; seed < SCHEDULES; seed++) {
        int mine = seed;
        boolean isSecure = seed % 5 == 0;
        schedules.add(
            threads.submit(() -> {
              slots.acquire();
              try (Schedule schedule =
                  new Schedule(mine, isSecure ? serverTls : null, isSecure ? clientTls : null)) {
                schedule.run();
                cuts.addAndGet(schedule.cutCount);
              } catch (Throwable e) {
                throw new AssertionError("seed " + mine + ": " + e.getMessage(), e);
              } finally {
                slots.release();
              }
              return null;
            }));
      }
      for (Future<?> schedule : schedules) {
        schedule.get();
      }
    }
    assertThat(cuts.get()).as("the schedules must break links").isGreaterThan(SCHEDULES);
  }

  /** One run: its nodes, its media server, and what must be true in the end. */
  private static final class Schedule implements AutoCloseable {
    private final Random random;
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final List<ControlLinkServer> nodes = new ArrayList<>();
    private final List<LinkedServers> directories = new ArrayList<>();
    private final RecordingConferences conferences;
    private final RecordingMedia media = new RecordingMedia();
    private final ControlLink link;
    private final MediaServer server;
    private int cutCount;

    Schedule(int seed, @Nullable MutualTls serverTls, @Nullable MutualTls clientTls)
        throws IOException {
      random = new Random(seed);
      conferences = new RecordingConferences(new Random(seed), 0.02);
      int nodeCount = 1 + random.nextInt(2);
      String scheme = serverTls == null ? "ws" : "wss";
      List<URI> addresses = new ArrayList<>();
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < nodeCount; i++) {
        addNode("session-" + i, serverTls, ports);
        addresses.add(URI.create(scheme + "://127.0.0.1:" + proxies.get(i).port() + "/control"));
      }
      server = new MediaServer(new ServerId(SERVER), "incarnation-" + seed, new Region("eu"));
      link =
          ControlLink.create(
              new ControlLinkSettings(
                  server.server(),
                  server.incarnation(),
                  server.region(),
                  "test",
                  500,
                  addresses,
                  clientTls),
              media,
              () -> new ServerLoad(0.1, 1, 1, 1, 0, 0, false),
              System::nanoTime,
              new Random(seed));
      link.start();
    }

    private void addNode(String name, @Nullable MutualTls tls, List<Integer> ports)
        throws IOException {
      ControlServerSettings settings =
          new ControlServerSettings(
              name,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              tls,
              List.of(),
              Duration.ofMillis(200),
              Duration.ofMillis(3500),
              Duration.ofSeconds(30),
              Duration.ofSeconds(20));
      LinkedServers directory =
          new LinkedServers(settings, new Random(random.nextLong()), System::nanoTime);
      ControlLinkServer node = new ControlLinkServer(settings, directory, conferences);
      node.start();
      ports.add(node.port());
      directories.add(directory);
      nodes.add(node);
      proxies.add(new TcpProxy(node.port()));
    }

    void run() throws Exception {
      for (LinkedServers directory : directories) {
        awaitLink(directory);
      }
      Map<String, StateEvent> expected = new HashMap<>();
      List<CompletableFuture<MediaAnswer>> answers = new ArrayList<>();
      List<Order> orders = new ArrayList<>();
      int breakEvery = 8 + random.nextInt(20);
      for (int i = 0; i < EVENTS; i++) {
        StateEvent event = event();
        expected.put(subject(event), event);
        link.report(event);
        if (i % (EVENTS / ORDERS) == 0) {
          Order order = new Order.RemoveParticipant(new ParticipantId("pt-" + i));
          orders.add(order);
          answers.add(order(order));
        }
        if (i % breakEvery == breakEvery - 1) {
          breakSomething();
        }
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get(30, TimeUnit.SECONDS))
            .isEqualTo(new MediaAnswer.Accepted(orders.get(i).toString(), null, null));
      }
      assertThat(link.awaitAcknowledged(30_000)).as("all reports acknowledged").isTrue();
      check(expected);
    }

    private void check(Map<String, StateEvent> expected) {
      Map<String, StateEvent> told = new HashMap<>();
      for (StateEvent event : conferences.applied) {
        told.put(subject(event), event);
      }
      assertThat(told).isEqualTo(expected);
      assertThat(conferences.sequences)
          .isEqualTo(
              IntStream.rangeClosed(1, conferences.sequences.size())
                  .mapToObj(Long::valueOf)
                  .toList());
      assertThat(media.applied).hasSize(ORDERS);
      assertThat(media.applied.values()).allMatch(count -> count.get() == 1);
      assertThat(media.overlaps).hasValue(0);
    }

    private CompletableFuture<MediaAnswer> order(Order order) {
      LinkedServers directory = directories.get(random.nextInt(directories.size()));
      ConferenceId conference = conference();
      CompletableFuture<MediaAnswer> answer = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> answer.complete(directory.order(server, conference, 1, order)));
      return answer;
    }

    private void breakSomething() {
      TcpProxy proxy = proxies.get(random.nextInt(proxies.size()));
      cutCount++;
      switch (random.nextInt(3)) {
        case 0 -> proxy.cut();
        case 1 -> proxy.cutAfter(1 + random.nextInt(2000));
        default -> {
          proxy.isolate();
          Thread.ofVirtual()
              .start(() -> {
                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                proxy.restore();
              });
        }
      }
    }

    private StateEvent event() {
      ConferenceId conference = conference();
      ParticipantId participant = new ParticipantId("pt-" + random.nextInt(PARTICIPANTS));
      return switch (random.nextInt(5)) {
        case 4 ->
            new StateEvent.RecordingEnded(
                conference,
                1,
                new RecordingId("rc-" + conference),
                1 + random.nextInt(3),
                StateEvent.RecordingEndCause.STOPPED,
                1,
                0,
                random.nextInt(60_000));
        case 3 -> new StateEvent.EncodersChanged(conference, 1, random.nextInt(6), 5);
        case 0 -> new StateEvent.ParticipantConnected(conference, 1, participant);
        case 1 -> new StateEvent.ParticipantReconnecting(conference, 1, participant);
        default ->
            new StateEvent.ParticipantGone(
                conference, 1, participant, StateEvent.GoneReason.CLIENT);
      };
    }

    private ConferenceId conference() {
      return new ConferenceId("cf-" + random.nextInt(CONFERENCES));
    }

    private static String subject(StateEvent event) {
      return switch (event) {
        case StateEvent.ParticipantConnected e -> e.conference() + " " + e.participant();
        case StateEvent.ParticipantReconnecting e -> e.conference() + " " + e.participant();
        case StateEvent.ParticipantGone e -> e.conference() + " " + e.participant();
        case StateEvent.SessionBegan e -> e.conference() + " " + e.session();
        case StateEvent.SessionGone e -> e.conference() + " " + e.session();
        case StateEvent.IceBegunAnew e -> e.conference() + " ice " + e.session();
        case StateEvent.CarriedOut e -> e.conference() + " " + e.participant() + " " + e.deed();
        case StateEvent.EncodersChanged e -> e.conference() + " encoders";
        case StateEvent.RecordingEnded e -> e.recording() + " " + e.segment();
        case StateEvent.ConferenceClosed e -> e.conference().value();
      };
    }

    private static void awaitLink(LinkedServers directory) throws InterruptedException {
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (directory.statuses().stream().noneMatch(LinkedServers.Status::isLive)) {
        assertThat(System.nanoTime()).as("link in time").isLessThan(deadlineNs);
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }

    @Override
    public void close() throws IOException {
      link.close();
      for (TcpProxy proxy : proxies) {
        proxy.close();
      }
      nodes.forEach(ControlLinkServer::close);
    }
  }
}
