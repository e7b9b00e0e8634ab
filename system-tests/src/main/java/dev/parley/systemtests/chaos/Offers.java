package dev.parley.systemtests.chaos;

import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Request;
import dev.parley.systemtests.nodes.NodeApi;
import java.net.http.HttpRequest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What clients do who lost their media: each sends an offer once more. Thread-safe. */
final class Offers implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final long PAUSE_MS = 300;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Cluster cluster;
  private final Recorder recorder;

  Offers(Cluster cluster, Recorder recorder) {
    this.cluster = cluster;
    this.recorder = recorder;
  }

  /** Has everyone in the room offer anew; returns at once. */
  void again(Room room) {
    room.stays().values().forEach(stay -> again(room, stay));
  }

  /** Has one offer anew; returns at once. */
  void again(Room room, Room.Stay stay) {
    if (!threads.isShutdown()) {
      var _ = threads.submit(() -> offer(room, stay));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }

  private @Nullable Void offer(Room room, Room.Stay stay) throws InterruptedException {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      long fromNs = Recorder.nowNs();
      NodeApi.Reply reply =
          cluster
              .api()
              .send(
                  cluster
                      .api()
                      .request(room.path() + "/rtc", stay.token())
                      .header("Content-Type", "application/sdp")
                      .POST(HttpRequest.BodyPublishers.ofString("v=0 another offer")));
      recorder.accept(
          new Operation(
              stay.identity() + " again",
              room.id(),
              new Request.Offer(stay.identity()),
              fromNs,
              Recorder.nowNs(),
              Recorder.outcome(reply),
              ""));
      if (reply.status() / 100 == 2 || reply.status() / 100 == 4) {
        return null;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
    return null;
  }
}
