package dev.parley.benchmarks;

import dev.parley.benchmarks.client.SessionApi;
import dev.parley.benchmarks.client.Signalling;
import dev.parley.benchmarks.client.WebRtcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Parley's: a token beforehand, then one REST call. Any thread, once prepared. */
final class ParleySignalling implements Signalling {
  private final LoadOptions options;
  private final SessionApi api;
  private final List<SessionApi.Ticket> tickets = new ArrayList<>();
  private final ConcurrentLinkedQueue<SessionApi.Stay> stays = new ConcurrentLinkedQueue<>();

  ParleySignalling(LoadOptions options) {
    this.options = options;
    this.api = new SessionApi(options.url);
  }

  /**
   * Gets everybody a token beforehand: the joins are to be measured, not the quotas of what comes
   * before them.
   */
  @Override
  public void prepare() throws IOException, InterruptedException {
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
  }

  @Override
  public void join(WebRtcClient client) throws IOException, InterruptedException {
    int number = client.settings().number();
    SessionApi.Listening listening =
        options.isMixed(number / options.rooms)
            ? SessionApi.Listening.MIX
            : SessionApi.Listening.FORWARD;
    SessionApi.Stay stay = api.join(tickets.get(number), client.offer(), listening);
    stays.add(stay);
    client.start(stay.answer());
  }

  @Override
  public List<String> leave() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    for (SessionApi.Stay stay : stays) {
      try {
        api.leave(stay);
      } catch (IOException e) {
        failures.add("leaving: " + e.getMessage());
      }
    }
    return failures;
  }

  @Override
  public void close() {
    api.close();
  }
}
