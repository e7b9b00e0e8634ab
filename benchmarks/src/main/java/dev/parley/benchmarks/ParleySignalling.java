package dev.parley.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.parley.benchmarks.client.SessionApi;
import dev.parley.benchmarks.client.Signalling;
import dev.parley.benchmarks.client.WebRtcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parley's: a token beforehand, then one REST call. Any thread, once prepared. */
final class ParleySignalling implements Signalling {
  private final LoadOptions options;
  private final SessionApi api;
  private final List<String> conferences = new ArrayList<>();
  private final Map<Integer, SessionApi.Ticket> tickets = new ConcurrentHashMap<>();
  private final Map<Integer, SessionApi.Stay> stays = new ConcurrentHashMap<>();
  private String key = "";

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
    key = options.keyFile == null ? "" : Files.readString(options.keyFile).strip();
    for (int i = 0; i < options.participants; i++) {
      if (!key.isEmpty() && i < options.rooms) {
        conferences.add(api.create(key, options.roomSize()));
      }
      invite(i);
    }
  }

  @Override
  public void invite(int number) throws IOException, InterruptedException {
    String identity = "load-" + options.seed + '-' + number;
    int room = options.place(number) % options.rooms;
    tickets.put(
        number,
        key.isEmpty()
            ? api.enter("load-" + options.seed + '-' + room, identity)
            : api.mint(key, conferences.get(room), identity));
  }

  @Override
  public void join(WebRtcClient client) throws IOException, InterruptedException {
    int number = client.settings().number();
    SessionApi.Listening listening =
        options.isMixed(options.place(number) / options.rooms)
            ? SessionApi.Listening.MIX
            : SessionApi.Listening.FORWARD;
    SessionApi.Ticket ticket = requireNonNull(tickets.get(number), "invite first");
    SessionApi.Stay stay = api.join(ticket, client.offer(), listening);
    stays.put(number, stay);
    client.start(stay.answer());
  }

  @Override
  public void leave(WebRtcClient client) throws IOException, InterruptedException {
    int number = client.settings().number();
    tickets.remove(number);
    SessionApi.Stay stay = stays.remove(number);
    if (stay != null) {
      api.leave(stay);
    }
  }

  @Override
  public List<String> leave() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    for (SessionApi.Stay stay : stays.values()) {
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
