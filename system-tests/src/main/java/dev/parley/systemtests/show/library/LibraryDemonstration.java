package dev.parley.systemtests.show.library;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.s3.AccessKey;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.load.ServerPlaces;
import dev.parley.systemtests.show.session.LoadProcess;
import dev.parley.testsupport.s3.S3ProxyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What is found in the Library, where it may lie, what a link costs, and what stores refuse. */
public final class LibraryDemonstration implements Demonstration {
  private static final String PART = "--part";
  private static final String ALL = "all";
  private static final String LINKS = "links";
  private static final String URLS = "urls";
  private static final String USAGE = "usage";
  private static final String TAGS = "tags";
  private static final String RESIDENCY = "residency";
  private static final List<String> PARTS = List.of(LINKS, TAGS, RESIDENCY, URLS, USAGE);
  private static final List<String> REGIONS = List.of("na", "eu", "asia", "sa", "af", "oc");
  private static final int TENANTS = 16;

  /** The targets are of so long. */
  private static final Duration TARGET_TIME = Duration.ofSeconds(15);

  private static final double PORT_LINKS = 195_000;
  private static final double HTTP_LINKS = 75_000;
  private static final double BATCH_LINKS = 195_000;
  private static final double TIMES_FASTER = 17;
  private static final int CONNECTIONS = 48;
  private static final int BATCH_CONNECTIONS = 4;
  private static final long SEED = 20_261_122;

  @Override
  public String name() {
    return "library";
  }

  @Override
  public String proves() {
    return "Every store finds the same, nothing lies where it may not, and links cost little";
  }

  @Override
  public String help() {
    return """
      --part NAME   only one of its parts: links, tags, residency, urls, usage

    links: how many links a second are signed, at the Library's port by one thread, over HTTP on connections that
    ask again as soon as they have the answer, and 200 in a request; facts in the embedded store on this machine's disk.
    The load is a process of its own on the same processors.
    tags: the same random searches, page by page, of the embedded store, of DynamoDB Local and of a plain list.
    residency: random policies and operations of sixteen tenants by the API, in six regions, each answer held to a plain
    model of the rule.
    urls: links that are too old, were changed in any part, or were signed with another key, at the directory store
    and at S3Proxy, which is others' work.
    usage: a month's usage out of a year of sessions, and the same by reading all of them.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    String part = options.text(PART, ALL);
    if (!part.equals(ALL) && !PARTS.contains(part)) {
      throw new IllegalArgumentException(
          PART + " is one of " + String.join(", ", PARTS) + ", not " + part);
    }
    Path folder = Files.createTempDirectory("parley-library");
    try {
      if (part.equals(ALL) || part.equals(LINKS)) {
        links(report, Files.createDirectory(folder.resolve(LINKS)), options.quick());
      }
      if (part.equals(ALL) || part.equals(TAGS)) {
        tags(report, options.quick() ? 200 : 10_000);
      }
      if (part.equals(ALL) || part.equals(RESIDENCY)) {
        residency(
            report,
            Files.createDirectory(folder.resolve(RESIDENCY)),
            options.quick() ? 500 : 10_000);
      }
      if (part.equals(ALL) || part.equals(URLS)) {
        urls(report, Files.createDirectory(folder.resolve(URLS)), options.quick() ? 10 : 100);
      }
      if (part.equals(ALL) || part.equals(USAGE)) {
        usage(report, options.quick() ? 30_000 : 1_000_000);
      }
    } finally {
      ServerPlaces.delete(folder);
    }
  }

  private static void links(Report report, Path folder, boolean isQuick) throws Exception {
    Duration warmUp = Duration.ofSeconds(isQuick ? 6 : 20);
    Duration time = isQuick ? Duration.ofSeconds(4) : TARGET_TIME;
    report.step("links at the Library's port, " + time.toSeconds() + " s");
    try (PortLookups port =
        new PortLookups(folder.resolve("port.rocksdb"), isQuick ? 2_000 : 20_000)) {
      long _ = port.run(Duration.ofSeconds(isQuick ? 2 : 5));
      rate(
          report, "looked up and signed at the port, one thread", port.run(time), time, PORT_LINKS);
    }
    report.step("a node, a directory store, and objects in it");
    try (LibraryNode node = new LibraryNode(Files.createDirectory(folder.resolve("node")))) {
      Path ids = folder.resolve("ids");
      Files.write(ids, node.objects(isQuick ? 200 : 600));
      report.step("links over HTTP, " + time.toSeconds() + " s");
      JsonNode one = load(node, "LINK", ids, CONNECTIONS, List.of(warmUp, time));
      rate(report, "links over HTTP keep-alive", one.path("signed").asLong(), time, HTTP_LINKS);
      report.tell(
          "a link over HTTP on " + CONNECTIONS + " connections",
          String.format(
              Locale.ROOT,
              "p50 %.1f ms, p99 %.1f ms",
              one.path("p50").asDouble(),
              one.path("p99").asDouble()));
      failures(report, "links over HTTP", one);
      report.step("links by the batch endpoint, " + time.toSeconds() + " s");
      JsonNode many = load(node, "BATCH", ids, BATCH_CONNECTIONS, List.of(warmUp, time));
      rate(
          report, "objects by the batch endpoint", many.path("signed").asLong(), time, BATCH_LINKS);
      failures(report, "links by the batch endpoint", many);
    }
  }

  /** Loads a node, for a warm-up and a time. */
  static JsonNode load(
      LibraryNode node, String what, Path ids, int connections, List<Duration> warmUpAndTime)
      throws IOException {
    return LoadProcess.run(
        LinkLoad.class,
        List.of(
            what,
            node.api().toString(),
            node.key(),
            ids.toString(),
            Integer.toString(connections),
            Long.toString(warmUpAndTime.getFirst().toMillis()),
            Long.toString(warmUpAndTime.getLast().toMillis())));
  }

  /** Judges how many there would be in the target's time at the rate that was measured. */
  private static void rate(Report report, String what, long count, Duration time, double limit) {
    double scaled = count * (double) TARGET_TIME.toMillis() / time.toMillis();
    String of = time.equals(TARGET_TIME) ? "" : ", at the rate of " + time.toSeconds() + " s";
    report.atLeast(what + ", in 15 s" + of, scaled, limit, "");
  }

  private static void failures(Report report, String words, JsonNode result) {
    result
        .path("failures")
        .properties()
        .forEach(failure ->
            report.check(words + ": " + failure.getKey(), false, failure.getValue() + " times"));
  }

  private static void tags(Report report, int searches) throws Exception {
    report.step(searches + " random searches of two stores and a plain list");
    try (TagSearches stores = new TagSearches(SEED)) {
      TagSearches.Result result = stores.run(searches);
      result
          .differences()
          .forEach((store, told) -> {
            report.atMost(
                "searches in which the " + store + " finds something else than a plain list",
                told.size(),
                0,
                "of " + result.searches());
            told.stream().limit(3).forEach(report::note);
          });
      report.tell("objects found by them", Long.toString(result.hits()));
    }
  }

  private static void residency(Report report, Path folder, int cases) throws Exception {
    report.step(cases + " random policies and operations");
    try (LibraryNode node = new LibraryNode(folder, REGIONS);
        NodeApi api = new NodeApi(node.api())) {
      ResidencyCases.Result result =
          new ResidencyCases(
                  ResidencyCases.Door.of(api),
                  node.keysOfTenants(TENANTS),
                  LibraryNode.LIBRARIES,
                  SEED)
              .run(cases);
      String of = "of " + result.cases();
      report.atMost("residency: granted though no policy permits it", result.leaks().size(), 0, of);
      report.atMost("residency: refused though permitted", result.refusedTooMuch().size(), 0, of);
      report.tell("residency: answers", result.answers().toString());
      result.leaks().stream().limit(3).forEach(report::note);
      result.refusedTooMuch().stream().limit(3).forEach(report::note);
    }
  }

  private static void urls(Report report, Path folder, int each) throws Exception {
    report.step("URLs that are not good, at two stores");
    try (LibraryNode node = new LibraryNode(Files.createDirectory(folder.resolve("directory")))) {
      urls(report, "directory store", node.place(), each);
    }
    try (S3ProxyStore proxy =
        S3ProxyStore.start(Files.createDirectory(folder.resolve("s3proxy")))) {
      urls(
          report,
          "S3Proxy",
          new SignedUrls.Place(
              proxy.endpoint(),
              S3ProxyStore.BUCKET,
              new AccessKey(S3ProxyStore.KEY_ID, S3ProxyStore.SECRET),
              S3ProxyStore.REGION),
          each);
    }
  }

  private static void urls(Report report, String store, SignedUrls.Place place, int each)
      throws Exception {
    try (SignedUrls urls = new SignedUrls(place)) {
      SignedUrls.Result result = urls.run(each, SEED);
      report.atMost(
          "expired, changed and foreign URLs that the " + store + " takes",
          result.leaks().size(),
          0,
          "of " + (result.refused() + result.leaks().size()));
      result.leaks().stream().limit(3).forEach(leak -> report.note(store + ": " + leak));
    }
  }

  private static void usage(Report report, int sessions) throws Exception {
    report.step("usage of " + sessions + " sessions");
    UsageScan.Result result = UsageScan.of(sessions);
    report.check(
        "usage by roll-ups and by reading all sessions is the same",
        result.areEqual(),
        result.areEqual() ? "yes" : "no");
    report.atLeast(
        String.format(
            Locale.ROOT,
            "usage of a month, %,d sessions: %.2f ms, and by reading all %.0f ms: times",
            sessions,
            result.rolledUpMs(),
            result.scannedMs()),
        result.times(),
        TIMES_FASTER,
        "");
  }
}
