package dev.parley.benchmarks;

import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientState;
import dev.parley.benchmarks.client.FigureSum;
import dev.parley.benchmarks.client.WebRtcClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who is in the call, place by place, and the sum of those who left: nobody is counted twice or not
 * at all. Any thread.
 */
final class Places {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<@Nullable WebRtcClient> clients = new ArrayList<>();
  private final FigureSum left = new FigureSum();

  /** Everybody at one moment. */
  record View(List<WebRtcClient> present, ClientFigures departed) {}

  Places(int count) {
    for (int i = 0; i < count; i++) {
      clients.add(null);
    }
  }

  void take(int place, WebRtcClient client) {
    lock.lock();
    try {
      clients.set(place, client);
    } finally {
      lock.unlock();
    }
  }

  /** Frees a place. */
  void leave(int place, ClientFigures last) {
    lock.lock();
    try {
      clients.set(place, null);
      left.add(last);
    } finally {
      lock.unlock();
    }
  }

  @Nullable WebRtcClient at(int place) {
    lock.lock();
    try {
      return clients.get(place);
    } finally {
      lock.unlock();
    }
  }

  View view() {
    lock.lock();
    try {
      List<WebRtcClient> present = new ArrayList<>();
      for (WebRtcClient client : clients) {
        if (client != null) {
          present.add(client);
        }
      }
      // A sum of its own: ours grows.
      FigureSum departed = new FigureSum();
      departed.add(left.figures(ClientState.CLOSED, "", 0, 0));
      return new View(present, departed.figures(ClientState.CLOSED, "", 0, 0));
    } finally {
      lock.unlock();
    }
  }
}
