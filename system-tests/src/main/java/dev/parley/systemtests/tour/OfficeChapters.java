package dev.parley.systemtests.tour;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** What the operator and a customer's back end do before anybody talks. One thread. */
final class OfficeChapters {
  private static final long ENDPOINT_KNOWN_NS = TimeUnit.SECONDS.toNanos(5);
  private static final String WISH = "{\"alias\":\"weekly\",\"tags\":{\"project\":\"x\"}}";

  private final Story story;
  private final Door door;

  OfficeChapters(Story story) {
    this.story = story;
    door = story.door;
  }

  void keys() {
    story.log.chapter("The operator makes server keys, on the admin port");
    Door one = story.stage.adminOne();
    Door two = story.stage.adminTwo();
    String wish =
        """
        {"tenant":"acme","name":"back end",
         "scopes":["conferences","moderation","webhooks","library","usage","admin"]}\
        """;
    story.key =
        one.post("/admin/keys")
            .once("tour")
            .json(wish)
            .expect(201, "one tenant's, with scopes; its text is shown this once")
            .text("/key");
    Door.Answer again =
        two.post("/admin/keys")
            .once("tour")
            .json(wish)
            .expect(201, "again, at the other node: it is the same one, without its text");
    Story.require(again.header("Idempotency-Replayed").equals("true"), "it was replayed");
    Story.require(!again.json().has("key"), "a key is shown once");
    Door.Answer spare =
        one.post("/admin/keys")
            .json("{\"tenant\":\"acme\",\"scopes\":[\"conferences\"]}")
            .expect(201, "another, with one scope");
    String other = spare.text("/key");
    door.get("/v1/usage")
        .as(other)
        .expect(403, "scope-missing", "without a scope the answer names it")
        .with("/scope", "usage");
    two.get("/admin/keys").expect(200, "all keys, by what is kept of them: hashes are");
    two.delete("/admin/keys/" + spare.text("/id")).expect(204, "revoked");
    story.stage.nodeTwo().get("/v1/conferences").as(other).expect(401, "key-invalid", "at once");
    door.get("/v1/conferences").expect(401, "credentials-missing", "nobody comes in without");
  }

  void description() {
    story.log.chapter("The API describes itself");
    door.get("/v1/openapi.yaml").expect(200, "every answer of this tour is held to it");
    door.get("/v1/openapi.json").expect(200, "the same as JSON");
  }

  void webhooks() {
    story.log.chapter("Webhooks: what happens is told to the customer's own systems");
    SignedMessages messages = story.stage.messages();
    String wish = "{\"url\":\"%s\"}".formatted(messages.url());
    Door.Answer made =
        door.post("/v1/webhook-endpoints")
            .as(story.key)
            .once("hook")
            .json(wish)
            .expect(201, "an endpoint, and the secret by which messages are signed");
    story.endpointMadeNs = System.nanoTime();
    messages.secretIs(made.text("/secret"));
    door.post("/v1/webhook-endpoints")
        .as(story.key)
        .once("hook")
        .json(wish)
        .expect(201, "again: the same one")
        .with("/id", made.text("/id"));
    story.endpoint = "/v1/webhook-endpoints/" + made.text("/id");
    door.get("/v1/webhook-endpoints").as(story.key).expect(200, "all of them");
    Door.Answer read =
        door.get(story.endpoint).as(story.key).expect(200, "one; its secret is not shown again");
    Story.require(!read.json().has("secret"), "the secret is shown once");
    door.patch(story.endpoint)
        .as(story.key)
        .header("If-Match", read.header("ETag"))
        .json("{\"enabled\":true}")
        .expect(200, "changed only if it is as it was seen");
  }

  void regions() {
    story.log.chapter("Regions: where media may be, and what is near");
    Door.Answer regions =
        door.get("/v1/regions").as(story.key).expect(200, "where media servers are");
    String region = regions.text("/regions/0/id");
    String probe = regions.text("/regions/0/probe/0");
    double rttMs = roundTripMs(probe);
    door.post("/v1/regions/nearest")
        .as(story.key)
        .json("{\"probes\":[{\"region\":\"%s\",\"rttMs\":[%.3f]}]}".formatted(region, rttMs))
        .expect(200, "the nearest, by what a STUN probe measured: %.2f ms".formatted(rttMs))
        .with("/regions/0/via", "probes");
    String policy = "/v1/residency-policies/home";
    door.put(policy)
        .as(story.key)
        .json("{\"allowedRegions\":[\"%s\"]}".formatted(region))
        .expect(201, "media stays in these regions, whatever breaks");
    door.get(policy).as(story.key).expect(200, "read");
    door.get("/v1/residency-policies").as(story.key).expect(200, "all of them");
    door.post("/v1/conferences")
        .as(story.key)
        .json("{\"placement\":{\"regions\":[\"atlantis\"],\"residency\":\"home\"}}")
        .expect(422, "residency-unsatisfiable", "no region is left: that is said at once");
    door.delete(policy).as(story.key).expect(204, "deleted; conferences made under it keep to it");
    String retention = "/v1/retention";
    door.put(retention)
        .as(story.key)
        .json("{\"days\":{\"recording\":365,\"file\":90}}")
        .expect(201, "recordings go after a year, files after ninety days, unless others say more");
    door.get(retention).as(story.key).expect(200, "read");
    door.delete(retention).as(story.key).expect(204, "taken back: all is kept");
  }

  /** Sends the 20 bytes that docs/api.md has, and takes the time until they are answered. */
  private double roundTripMs(String probe) {
    byte[] request = HexFormat.of().parseHex("000100002112a442" + "746f7572206f662061706921");
    byte[] answer = new byte[200];
    int colon = probe.lastIndexOf(':');
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(2_000);
      InetAddress address = InetAddress.ofLiteral(probe.substring(0, colon));
      int port = Integer.parseInt(probe.substring(colon + 1));
      long startNs = System.nanoTime();
      socket.send(new DatagramPacket(request, request.length, address, port));
      socket.receive(new DatagramPacket(answer, answer.length));
      long tookNs = System.nanoTime() - startNs;
      Story.require(answer[0] == 1 && answer[1] == 1, "it is a Binding success");
      story.log.came("probe port", "STUN Binding " + probe, tookNs, "answered without credentials");
      return tookNs / 1e6;
    } catch (IOException e) {
      throw new TourException("no answer to a probe of " + probe, e);
    }
  }

  void conference() {
    story.log.chapter("A conference, made once however often it is asked for");
    awaitEndpoint();
    Door.Answer made =
        door.post("/v1/conferences").as(story.key).once("week-47").json(WISH).expect(201, "made");
    story.conference = "/v1/conferences/" + made.text("/id");
    Door.Answer again =
        door.post("/v1/conferences")
            .as(story.key)
            .once("week-47")
            .json(WISH)
            .expect(201, "sent again, as after a timeout: the same conference")
            .with("/id", made.text("/id"));
    Story.require(again.header("Idempotency-Replayed").equals("true"), "it was replayed");
    door.post("/v1/conferences")
        .as(story.key)
        .once("week-47")
        .json("{\"alias\":\"other\"}")
        .expect(422, "idempotency-key-reused", "another request needs another key");
    door.post("/v1/conferences")
        .as(story.key)
        .json("{\"alias\":\"WEEKLY\"}")
        .expect(409, "alias-taken", "letter case does not tell aliases apart");
    Door.Answer read =
        story.stage.nodeOne().get(story.conference).as(story.key).expect(200, "at one node");
    String version = read.header("ETag");
    story
        .stage
        .nodeTwo()
        .get(story.conference)
        .as(story.key)
        .header("If-None-Match", version)
        .expect(304, "the other node has the same version");
    door.patch(story.conference)
        .as(story.key)
        .header("If-Match", version)
        .json("{\"maxParticipants\":20,\"attributes\":\"{}\"}")
        .expect(200, "changed, if it is as it was seen");
    door.patch(story.conference)
        .as(story.key)
        .header("If-Match", version)
        .json("{\"maxParticipants\":30}")
        .expect(412, "version-mismatch", "somebody was faster");
    JsonNode listed =
        door.get("/v1/conferences?alias=weekly&limit=1")
            .as(story.key)
            .expect(200, "found by its alias")
            .json();
    Story.require(listed.path("data").size() == 1, "one has the alias");
    Door.Answer room =
        door.post("/v1/open-rooms/try-it")
            .json("{\"name\":\"Guest\"}")
            .expect(200, "a room without a key, where the operator allows it");
    Story.require(!room.text("/token").isEmpty(), "it lets in");
  }

  /** An endpoint hears of what happens from five seconds after it was made, at the latest. */
  private void awaitEndpoint() {
    long leftNs = ENDPOINT_KNOWN_NS - (System.nanoTime() - story.endpointMadeNs);
    if (leftNs > 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(leftNs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TourException("interrupted", e);
      }
    }
  }

  void tokens() {
    story.log.chapter("Tokens: minted here, or signed by the customer");
    story.anaToken = story.token("ana", "host");
    story.benToken = story.token("ben", "speaker");
    Door.Answer issuer =
        door.post("/v1/token-issuers")
            .as(story.key)
            .once("issuer")
            .json("{\"algorithm\":\"HS256\"}")
            .expect(201, "who may sign tokens besides, and the secret for it");
    String path = "/v1/token-issuers/" + issuer.text("/id");
    door.get("/v1/token-issuers").as(story.key).expect(200, "all of them");
    door.get(path).as(story.key).expect(200, "one, without its secret");
    String signed = SignedToken.of(issuer.text("/id"), issuer.text("/secret"), "weekly");
    door.get(story.conference).as(signed).expect(200, "a token nobody asked us for is good");
    door.delete(path).as(story.key).expect(204, "deleted");
    story
        .stage
        .nodeTwo()
        .get(story.conference)
        .as(signed)
        .expect(401, "token-invalid", "and its tokens are refused");
  }
}
