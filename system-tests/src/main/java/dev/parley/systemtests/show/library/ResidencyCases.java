package dev.parley.systemtests.show.library;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.nodes.NodeApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Random residency policies and operations on objects, by the API of a running service with object
 * stores, each answer held to a plain model of the rule. What is granted against the model is a
 * leak, and so is a name in another library than the policies say; what is refused against it is
 * refused too much. One thread.
 */
public final class ResidencyCases {
  /** A region that no store is in. */
  private static final String NOWHERE = "mars";

  private static final int REGIONS_MAX = 6;
  private static final int OBJECTS_MAX = 100;
  private static final int BATCH = 20;
  private static final int ATTEMPTS_MAX = 20;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");
  private static final String CONTENT = "test";
  private static final String CONTENT_SHA256 =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private final Door door;
  private final List<Tenant> tenants = new ArrayList<>();
  private final long seed;
  private final Random random;
  private final List<String> libraries;
  private final List<String> regions = new ArrayList<>();
  private final Tally tally = new Tally();

  /**
   * Takes what it needs.
   *
   * @param keys server keys of tenants that have nothing yet, each of another, with the scopes
   *     {@code conferences}, {@code library} and {@code admin}; quotas are a tenant's, so several
   *     go faster
   * @param libraries the regions besides the primary that have a library
   */
  public ResidencyCases(Door door, List<String> keys, List<String> libraries, long seed) {
    this.door = door;
    this.libraries = List.copyOf(libraries);
    this.seed = seed;
    this.random = new Random(seed);
    keys.forEach(key -> tenants.add(new Tenant(key)));
  }

  /** How the service is asked, and its stores. */
  public interface Door {
    /**
     * Sends a request of a tenant.
     *
     * @param body JSON, or null for none
     * @param headers names and values, in turn
     */
    NodeApi.Reply send(
        String method, String path, String key, @Nullable String body, String... headers)
        throws InterruptedException;

    /** Sends an object to where an answer says that its upload goes; returns the status. */
    int upload(JsonNode upload) throws IOException, InterruptedException;

    /** The one of a node. */
    static Door of(NodeApi api) {
      return new NodeDoor(api);
    }
  }

  /**
   * What came of it.
   *
   * @param cases answers that were judged
   * @param answers how often each kind of answer came
   */
  public record Result(
      long seed,
      int cases,
      Map<String, Integer> answers,
      List<String> leaks,
      List<String> refusedTooMuch) {}

  /** Runs so many cases. */
  public Result run(int cases) throws IOException, InterruptedException {
    JsonNode stores = get(tenants.getFirst(), "/v1/stores").body().path("data");
    for (JsonNode store : stores) {
      String region = store.path("region").asText();
      if (!regions.contains(region) && regions.size() < REGIONS_MAX) {
        regions.add(region);
      }
    }
    if (regions.size() < 2) {
      throw new IllegalStateException("stores in two regions are needed, there are " + regions);
    }
    while (tally.cases < cases) {
      step(any(tenants));
    }
    return new Result(
        seed, tally.cases, new TreeMap<>(tally.answers), tally.leaks, tally.refusedTooMuch);
  }

  /** What a policy says, as the model knows it. */
  private record Rule(
      TreeSet<String> regions, boolean isDefault, boolean isReadInside, @Nullable String library) {}

  /** An object, as the model knows it. */
  private record Thing(String id, String region, TreeSet<String> policies, boolean isAvailable) {}

  /** A tenant, and what the model knows of it. */
  private static final class Tenant {
    private final String key;
    private final Map<String, Rule> rules = new TreeMap<>();
    private final List<Thing> things = new ArrayList<>();
    private final Map<String, String> policyOfConference = new TreeMap<>();

    Tenant(String key) {
      this.key = key;
    }

    /** The rule in its own words: all that are named are there, and all that hold permit it. */
    boolean permits(String region, Set<String> named) {
      return rules.keySet().containsAll(named)
          && rules.entrySet().stream()
              .filter(rule -> rule.getValue().isDefault() || named.contains(rule.getKey()))
              .allMatch(rule -> rule.getValue().regions().contains(region));
    }

    /** Where the rules that hold want names; in more than one place they cannot be. */
    SortedSet<String> libraries(Set<String> named) {
      TreeSet<String> all = new TreeSet<>();
      rules.forEach((name, rule) -> {
        if (rule.library() != null && (rule.isDefault() || named.contains(name))) {
          all.add(rule.library());
        }
      });
      return all;
    }

    boolean permitsReading(Thing thing, @Nullable String reader) {
      boolean isReadInside =
          rules.entrySet().stream()
              .filter(
                  rule -> rule.getValue().isDefault() || thing.policies().contains(rule.getKey()))
              .anyMatch(rule -> rule.getValue().isReadInside());
      return permits(thing.region(), thing.policies())
          && (!isReadInside || (reader != null && permits(reader, thing.policies())));
    }
  }

  /** What was answered. */
  private static final class Tally {
    private int cases;
    private final Map<String, Integer> answers = new TreeMap<>();
    private final List<String> leaks = new ArrayList<>();
    private final List<String> refusedTooMuch = new ArrayList<>();

    /** Notes in whose library something is; an id says so. */
    void noteNames(String id, String wanted) {
      cases++;
      String region = libraryOf(id);
      answers.merge("names in " + (region.isEmpty() ? "the primary" : region), 1, Integer::sum);
      if (!region.equals(wanted)) {
        leaks.add("names of " + id + " should be in '" + wanted + "'");
      }
    }

    /** Notes an answer that a model expects to be granted or refused. */
    void note(String operation, boolean isGranted, boolean mayBe, String about) {
      cases++;
      answers.merge(operation + (isGranted ? " granted" : " refused"), 1, Integer::sum);
      if (isGranted && !mayBe) {
        leaks.add(operation + " " + about);
      }
      if (!isGranted && mayBe) {
        refusedTooMuch.add(operation + " " + about);
      }
    }
  }

  /** Empty for the primary's. */
  private static String libraryOf(String id) {
    int mark = id.indexOf('.');
    return mark < 0 ? "" : id.substring(mark + 1);
  }

  private void step(Tenant tenant) throws IOException, InterruptedException {
    int dice = random.nextInt(100);
    if (dice < 10) {
      putPolicy(tenant);
    } else if (dice < 12) {
      removePolicy(tenant);
    } else if (dice < 15) {
      makeConference(tenant);
    } else if (dice < 30 || tenant.things.isEmpty()) {
      register(tenant);
    } else if (dice < 40) {
      read(tenant, any(tenant.things));
    } else if (dice < 50) {
      batch(tenant);
    } else {
      link(tenant, any(tenant.things));
    }
  }

  private void putPolicy(Tenant tenant) throws InterruptedException {
    String name = any(NAMES);
    TreeSet<String> permitted = new TreeSet<>();
    int count = 1 + random.nextInt(regions.size());
    for (int i = 0; i < count; i++) {
      permitted.add(anyRegion());
    }
    String library = libraries.isEmpty() || random.nextBoolean() ? null : any(libraries);
    Rule rule = new Rule(permitted, random.nextInt(8) == 0, random.nextInt(4) == 0, library);
    String body =
        "{\"allowedRegions\":[\"%s\"],\"default\":%b,\"crossRegionLinks\":%b%s}"
            .formatted(
                String.join("\",\"", permitted),
                rule.isDefault(),
                !rule.isReadInside(),
                library == null ? "" : ",\"metadataRegion\":\"" + library + "\"");
    String path = "/v1/residency-policies/" + name;
    NodeApi.Reply reply =
        tenant.rules.containsKey(name)
            ? ask("PUT", path, tenant, body, "If-Match", "*")
            : ask("PUT", path, tenant, body);
    require(reply, "put a policy");
    tenant.rules.put(name, rule);
  }

  private void removePolicy(Tenant tenant) throws InterruptedException {
    String name = any(NAMES);
    if (tenant.rules.remove(name) != null) {
      require(ask("DELETE", "/v1/residency-policies/" + name, tenant, null), "remove a policy");
    }
  }

  private void makeConference(Tenant tenant) throws InterruptedException {
    String policy = any(NAMES);
    TreeSet<String> named = new TreeSet<>(List.of(policy));
    List<String> everywhere = new ArrayList<>(regions);
    everywhere.add(NOWHERE);
    SortedSet<String> wanted = tenant.libraries(named);
    boolean mayBe =
        wanted.size() <= 1 && everywhere.stream().anyMatch(region -> tenant.permits(region, named));
    NodeApi.Reply reply =
        ask(
            "POST",
            "/v1/conferences",
            tenant,
            "{\"placement\":{\"residency\":\"" + policy + "\"}}");
    tally.note("conference", reply.isOk(), mayBe, about(tenant, named, reply));
    if (reply.isOk()) {
      String id = reply.body().path("id").asText();
      tally.noteNames(id, wanted.isEmpty() ? "" : wanted.first());
      tenant.policyOfConference.put(id, policy);
    }
  }

  private void register(Tenant tenant) throws IOException, InterruptedException {
    TreeSet<String> named = new TreeSet<>();
    StringBuilder body =
        new StringBuilder("{\"name\":\"x\",\"size\":4,\"contentType\":\"text/plain\",\"sha256\":\"")
            .append(CONTENT_SHA256)
            .append('"');
    String usual = "";
    String wished = random.nextInt(3) == 0 ? anyRegion() : null;
    if (wished != null) {
      body.append(",\"region\":\"").append(wished).append('"');
    }
    if (random.nextInt(2) == 0) {
      String policy = any(NAMES);
      named.add(policy);
      body.append(",\"residency\":\"").append(policy).append('"');
    }
    if (!tenant.policyOfConference.isEmpty() && random.nextInt(3) == 0) {
      String conference = any(List.copyOf(tenant.policyOfConference.keySet()));
      String policy = tenant.policyOfConference.getOrDefault(conference, "");
      named.add(policy);
      usual = libraryOf(conference);
      body.append(",\"conference\":\"").append(conference).append('"');
    }
    NodeApi.Reply reply = ask("POST", "/v1/objects", tenant, body.append('}').toString());
    String region = reply.body().path("region").asText();
    SortedSet<String> wanted = tenant.libraries(named);
    List<String> possible =
        regions.stream()
            .filter(each -> tenant.permits(each, named))
            .filter(each -> wished == null || wished.equals(each))
            .toList();
    boolean mayBe =
        wanted.size() <= 1 && (reply.isOk() ? possible.contains(region) : !possible.isEmpty());
    tally.note("register", reply.isOk(), mayBe, about(tenant, named, reply));
    if (reply.isOk()) {
      String id = reply.body().path("id").asText();
      tally.noteNames(id, wanted.isEmpty() ? usual : wanted.first());
      boolean isAvailable =
          random.nextInt(3) > 0 && arrives(tenant, id, reply.body().path("upload"));
      tenant.things.add(new Thing(id, region, named, isAvailable));
      if (tenant.things.size() > OBJECTS_MAX) {
        tenant.things.removeFirst();
      }
    }
  }

  private boolean arrives(Tenant tenant, String id, JsonNode upload)
      throws IOException, InterruptedException {
    int status = door.upload(upload);
    if (status != 200) {
      throw new IllegalStateException("the store answers an upload with status " + status);
    }
    require(ask("POST", "/v1/objects/" + id + "/commit", tenant, ""), "commit");
    return true;
  }

  /** Whether an object is shown as what it is, and its upload is signed only where it may be. */
  private void read(Tenant tenant, Thing thing) throws InterruptedException {
    NodeApi.Reply reply = get(tenant, "/v1/objects/" + thing.id());
    require(reply, "read");
    boolean mayBe = tenant.permits(thing.region(), thing.policies());
    JsonNode shown = reply.body().path("residency").path("permitted");
    tally.note("show", shown.asBoolean(true), mayBe, about(tenant, thing.policies(), reply));
    if (!thing.isAvailable()) {
      boolean isSigned = reply.body().has("upload");
      tally.note("upload", isSigned, mayBe, about(tenant, thing.policies(), reply));
    }
  }

  private void link(Tenant tenant, Thing thing) throws InterruptedException {
    String reader = random.nextInt(3) == 0 ? null : anyRegion();
    String body = reader == null ? "{}" : "{\"readerRegion\":\"" + reader + "\"}";
    NodeApi.Reply reply = ask("POST", "/v1/objects/" + thing.id() + "/link", tenant, body);
    boolean mayBe = thing.isAvailable() && tenant.permitsReading(thing, reader);
    tally.note("link", reply.isOk(), mayBe, about(tenant, thing.policies(), reply));
  }

  private void batch(Tenant tenant) throws InterruptedException {
    List<Thing> asked = new ArrayList<>();
    for (Thing thing : tenant.things) {
      if (asked.size() < BATCH && random.nextInt(3) == 0) {
        asked.add(thing);
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    String reader = anyRegion();
    String body =
        "{\"ids\":[\"%s\"],\"readerRegion\":\"%s\"}"
            .formatted(String.join("\",\"", asked.stream().map(Thing::id).toList()), reader);
    NodeApi.Reply reply = ask("POST", "/v1/objects/batch", tenant, body);
    require(reply, "batch");
    for (int i = 0; i < asked.size(); i++) {
      Thing thing = asked.get(i);
      boolean mayBe = thing.isAvailable() && tenant.permitsReading(thing, reader);
      boolean isGranted = reply.body().path("data").path(i).has("url");
      tally.note("batch", isGranted, mayBe, about(tenant, thing.policies(), reply));
    }
  }

  private NodeApi.Reply get(Tenant tenant, String path) throws InterruptedException {
    return ask("GET", path, tenant, null);
  }

  /** Asks, again where a quota says so. */
  private NodeApi.Reply ask(
      String method, String path, Tenant tenant, @Nullable String body, String... headers)
      throws InterruptedException {
    NodeApi.Reply reply = door.send(method, path, tenant.key, body, headers);
    for (int i = 0; reply.status() == 429 && i < ATTEMPTS_MAX; i++) {
      // The service says how long; there is nothing else to wait for.
      Thread.sleep(Duration.ofSeconds(Math.max(1, Long.parseLong(reply.retryAfter()))));
      reply = door.send(method, path, tenant.key, body, headers);
    }
    if (reply.status() == 0 || reply.status() >= 500 || reply.status() == 429) {
      throw new IllegalStateException(
          method + " " + path + " is answered with status " + reply.status() + " " + reply.body());
    }
    return reply;
  }

  private static void require(NodeApi.Reply reply, String what) {
    if (!reply.isOk()) {
      throw new IllegalStateException(
          "could not " + what + ": " + reply.status() + " " + reply.body());
    }
  }

  private static String about(Tenant tenant, Set<String> named, NodeApi.Reply reply) {
    return "under " + named + " of " + tenant.rules + ": " + reply.status() + " " + reply.body();
  }

  private String anyRegion() {
    int index = random.nextInt(regions.size() + 1);
    return index == regions.size() ? NOWHERE : regions.get(index);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** A node's, and its stores'. */
  private record NodeDoor(NodeApi api) implements Door {
    @Override
    public NodeApi.Reply send(
        String method, String path, String key, @Nullable String body, String... headers)
        throws InterruptedException {
      HttpRequest.Builder request = api.request(path, key);
      if (body == null) {
        request.method(method, HttpRequest.BodyPublishers.noBody());
      } else {
        request
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
      }
      if (headers.length > 0) {
        request.headers(headers);
      }
      return api.send(request);
    }

    @Override
    public int upload(JsonNode upload) throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
              .PUT(HttpRequest.BodyPublishers.ofString(CONTENT));
      upload
          .path("headers")
          .properties()
          .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
      return api.http().send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }
}
