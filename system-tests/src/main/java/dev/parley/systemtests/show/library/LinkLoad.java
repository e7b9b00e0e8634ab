package dev.parley.systemtests.show.library;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.systemtests.show.session.HttpWire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Connections that ask one session node for links, each again as soon as it has the answer, in a
 * process of its own: {@code LinkLoad LINK|BATCH API KEY IDS-FILE CONNECTIONS WARM-UP-MS TIME-MS}.
 * Prints its figures as one line of JSON.
 */
final class LinkLoad {
  private static final int BATCH_MAX = 200;
  private static final long LONGEST_US = TimeUnit.MINUTES.toMicros(1);
  private static final String URL = "\"url\":\"http";
  private static final String SIGNATURE = "X-Amz-Signature=";

  private final What what;
  private final URI api;
  private final String key;
  private final List<String> ids;
  private final int linksOfRequest;
  private final AtomicInteger next = new AtomicInteger();
  private final LongAdder signed = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final ConcurrentHistogram us = new ConcurrentHistogram(LONGEST_US, 3);

  private LinkLoad(What what, URI api, String key, List<String> ids) {
    this.what = what;
    this.api = api;
    this.key = key;
    this.ids = ids;
    linksOfRequest = what == What.LINK ? 1 : Math.min(BATCH_MAX, ids.size());
  }

  /** What is asked. */
  private enum What {
    LINK,
    BATCH
  }

  public static void main(String[] arguments) throws Exception {
    LinkLoad load =
        new LinkLoad(
            What.valueOf(arguments[0]),
            URI.create(arguments[1]),
            arguments[2],
            Files.readAllLines(Path.of(arguments[3])));
    long startNs = System.nanoTime();
    long fromNs = startNs + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[5]));
    long toNs = fromNs + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[6]));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
      threads.add(Thread.ofPlatform().start(() -> load.run(fromNs, toNs)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    ObjectNode line = new JsonMapper().createObjectNode();
    line.put("signed", load.signed.sum()).put("requests", load.us.getTotalCount());
    line.put("p50", load.us.getValueAtPercentile(50) / 1e3);
    line.put("p99", load.us.getValueAtPercentile(99) / 1e3);
    ObjectNode failures = line.putObject("failures");
    load.failures.forEach((why, times) -> failures.put(why, times.sum()));
    System.out.println(line);
    System.exit(0);
  }

  /** Counts what was answered between two moments. */
  private void run(long fromNs, long toNs) {
    try (HttpWire wire = new HttpWire(api)) {
      while (true) {
        long askedNs = System.nanoTime();
        HttpWire.Request request = request();
        HttpWire.Reply reply = wire.send(request);
        long answeredNs = System.nanoTime();
        if (answeredNs >= toNs) {
          return;
        }
        int links = links(reply);
        if (links < linksOfRequest) {
          failed(reply.status() + " with " + links + " links");
        } else if (answeredNs >= fromNs) {
          signed.add(links);
          us.recordValue(Math.min(LONGEST_US, (answeredNs - askedNs) / 1_000));
        }
      }
    } catch (IOException e) {
      failed(e.toString());
    }
  }

  private void failed(String why) {
    failures.computeIfAbsent(why, _ -> new LongAdder()).increment();
  }

  private HttpWire.Request request() {
    int number = next.getAndIncrement() & Integer.MAX_VALUE;
    if (what == What.LINK) {
      String id = ids.get(number % ids.size());
      return HttpWire.Request.post("/v1/objects/" + id + "/link", key, "{\"ttlSec\":600}");
    }
    StringBuilder body = new StringBuilder("{\"ids\":[");
    for (int i = 0; i < linksOfRequest; i++) {
      String id = ids.get((int) ((number * (long) linksOfRequest + i) % ids.size()));
      body.append(i == 0 ? "\"" : ",\"").append(id).append('"');
    }
    return HttpWire.Request.post("/v1/objects/batch", key, body.append("]}").toString());
  }

  /** How many links an answer has. */
  private static int links(HttpWire.Reply reply) {
    int count = 0;
    String body = reply.isSuccess() ? reply.body() : "";
    for (int at = body.indexOf(URL); at >= 0; at = body.indexOf(URL, at + 1)) {
      count += body.indexOf(SIGNATURE, at) > 0 ? 1 : 0;
    }
    return count;
  }
}
