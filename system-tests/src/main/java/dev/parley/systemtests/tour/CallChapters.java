package dev.parley.systemtests.tour;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.systemtests.nodes.EventsSocket;

/** What Ana and Ben do, and what their moderator does with them. One thread. */
final class CallChapters {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SDP = "application/sdp";
  private static final String ICE = "a=ice-ufrag:anew\r\na=ice-pwd:aPasswordOfTwentyTwoChars\r\n";

  private final Story story;
  private final Door door;

  CallChapters(Story story) {
    this.story = story;
    door = story.door;
  }

  void joins() {
    story.log.chapter("Ana joins with our API, Ben by WHIP and WHEP; they hear each other");
    Door.Answer ana =
        door.post(story.conference + "/participants")
            .as(story.anaToken)
            .once("ana-1")
            .json("{\"sdp\":%s,\"listening\":\"forward\"}".formatted(quoted(story.ana.offer())))
            .expect(201, "joined, and the SDP answer with it");
    story.anaPath = story.conference + "/participants/" + ana.text("/id");
    long tookNs = Cast.connect(story.ana, ana.text("/answer"));
    story.log.came("media", "Ana: ICE, DTLS", tookNs, "straight to the media server");
    door.post(story.conference + "/participants")
        .as(story.anaToken)
        .json("{}")
        .expect(409, "identity-already-joined", "an identity is there once");
    story.events = story.watch(story.stage.nodeOne(), story.anaToken, -1);
    JsonNode welcome = next("welcome", "a snapshot: who is there");
    Story.require(welcome.at("/snapshot/participants").size() == 1, "Ana is there");
    story.benSession = whip();
    String hears = whep();
    next("participant.joined", "Ben is in");
    JsonNode roster =
        door.get(story.conference + "/participants")
            .as(story.key)
            .expect(200, "two sessions, one participant: Ana and Ben")
            .json();
    Story.require(roster.path("data").size() == 2, "two are there");
    story.benPath = story.conference + "/participants/" + roster.at("/data/1/id").asText();
    door.get(hears).as(story.benToken).expect(204, "Ben's WHEP session is there");
    heard();
  }

  private String whip() {
    String path = story.conference + "/whip";
    door.options(path).expect(200, "what may be sent here, from any origin");
    door.get(path).expect(204, "WHIP has nothing to read");
    Door.Answer answer =
        door.post(path)
            .as(story.benToken)
            .body(SDP, story.benSends.offer())
            .expect(201, "RFC 9725: the identity joins with its first offer");
    long tookNs = Cast.connect(story.benSends, answer.body());
    story.log.came("media", "Ben: ICE, DTLS", tookNs, "he sends");
    return answer.header("Location");
  }

  private String whep() {
    String path = story.conference + "/whep";
    door.options(path).expect(200, "what may be sent here");
    door.get(path).expect(204, "nothing to read");
    door.head(path).expect(200, "this address speaks WHEP");
    Door.Answer answer =
        door.post(path)
            .as(story.benToken)
            .body(SDP, story.benHears.offer())
            .expect(201, "one audio line gets a mix, without Ben's own voice");
    long tookNs = Cast.connect(story.benHears, answer.body());
    story.log.came("media", "Ben: ICE, DTLS", tookNs, "he hears");
    return answer.header("Location");
  }

  private void heard() {
    long anaNs = Cast.await(story.ana, Story.BEN_HZ, true);
    story.log.came("media", "Ana hears Ben's 1100 Hz", anaNs, "his own packets, forwarded");
    long benNs = Cast.await(story.benHears, Story.ANA_HZ, true);
    story.log.came("media", "Ben hears Ana's 700 Hz", benNs, "in a mix");
    double own = story.benHears.toneDbov(Story.BEN_HZ).join();
    Story.require(own < -60, "Ben does not hear himself: " + own);
  }

  void sessions() {
    story.log.chapter("Media sessions: asked for, begun anew");
    String rtc = story.conference + "/rtc";
    door.options(rtc).expect(200, "what may be sent here");
    door.get(rtc).expect(204, "nothing to read");
    String session = story.benSession;
    door.options(session).expect(200, "what a session takes");
    Door.Answer restarted =
        door.patch(session)
            .as(story.benToken)
            .header("If-Match", "*")
            .body("application/trickle-ice-sdpfrag", ICE)
            .expect(200, "an ICE restart, as after a change of network");
    Story.require(restarted.body().contains("a=ice-ufrag:"), "the server's half of it");
    door.patch(session)
        .as(story.benToken)
        .body("application/trickle-ice-sdpfrag", ICE)
        .expect(428, "if-match-missing", "which ICE session is meant must be said");
    // Ben's client did not mean it: its next offer takes the place of that session.
    story.benSends = story.stage.cast().client(Story.BEN_HZ, 1);
    Door.Answer anew =
        door.post(story.conference + "/whip")
            .as(story.benToken)
            .body(SDP, story.benSends.offer())
            .expect(201, "another offer takes the place of what the identity sent before");
    story.benSession = anew.header("Location");
    long tookNs = Cast.connect(story.benSends, anew.body());
    story.log.came("media", "Ben: ICE, DTLS", tookNs, "he sends again, as the same participant");
    door.get(session).as(story.benToken).expect(404, "not-found", "the one before is over");
    Cast.awaitPackets(story.ana);
  }

  void resume() {
    story.log.chapter("Events go on at another node, where they broke off");
    long seq = raised(true);
    story.events.cut();
    door.patch(story.benPath)
        .as(story.benToken)
        .json("{\"handRaised\":false}")
        .expect(200, "while Ana's socket is broken Ben lowers his hand");
    story.events = story.watch(story.stage.nodeTwo(), story.anaToken, seq);
    JsonNode welcome = next("welcome", "resumed after " + seq + ": no snapshot is needed");
    Story.require(welcome.path("resumed").asBoolean(), "it was resumed");
    JsonNode missed = next("participant.updated", "what was missed");
    Story.require(missed.path("seq").asLong() == seq + 1, "without a gap");
    Story.require(!missed.path("data").has("handRaisedAt"), "his hand is down");
  }

  private long raised(boolean isRaised) {
    door.patch(story.benPath)
        .as(story.benToken)
        .json("{\"handRaised\":" + isRaised + "}")
        .expect(200, "Ben raises his hand");
    return until("participant.updated", "/data/handRaisedAt").path("seq").asLong();
  }

  void moderation() {
    story.log.chapter("Ana moderates");
    door.patch(story.benPath)
        .as(story.anaToken)
        .json("{\"muted\":true}")
        .expect(200, "Ana mutes Ben")
        .with("/muted", "true");
    long quietNs = Cast.awaitQuiet(story.ana);
    story.log.came("media", "Ana hears nothing of Ben", quietNs, "nothing came for 300 ms");
    door.patch(story.benPath)
        .as(story.anaToken)
        .json("{\"muted\":false}")
        .expect(403, "unmute-not-offered", "nobody opens another's microphone");
    EventsSocket ben = story.watch(story.stage.nodeOne(), story.benToken, -1);
    door.post(story.benPath + "/unmute-request").as(story.anaToken).expect(204, "but asks for it");
    Story.require(event(ben, "unmute.request").path("data").has("id"), "Ben is asked");
    door.patch(story.benPath)
        .as(story.benToken)
        .json("{\"muted\":false}")
        .expect(200, "Ben opens it himself");
    Cast.awaitPackets(story.ana);
    door.post(story.conference + "/mute")
        .as(story.anaToken)
        .json("{\"except\":[\"%s\"]}".formatted(id(story.anaPath)))
        .expect(200, "everybody is muted but Ana")
        .with("/muted", "1");
    door.patch(story.benPath).as(story.benToken).json("{\"muted\":false}").expect(200, "Ben again");
    door.patch(story.benPath)
        .as(story.anaToken)
        .json("{\"held\":true}")
        .expect(200, "on hold he neither hears nor is heard");
    door.patch(story.benPath).as(story.anaToken).json("{\"held\":false}").expect(200, "and back");
    door.patch(story.benPath)
        .as(story.benToken)
        .json("{\"position\":{\"x\":1.5,\"y\":0,\"z\":-2}}")
        .expect(200, "Ben says where in the room he is");
    door.patch(story.benPath)
        .as(story.benToken)
        .json("{\"role\":\"host\"}")
        .expect(403, "grant-missing", "what he may do his token says");
    door.get(story.benPath).as(story.benToken).expect(200, "Ben reads himself");
    ben.cut();
  }

  void messages() {
    story.log.chapter("Messages: numbered, stored once, told to everybody");
    String path = story.conference + "/messages";
    Door.Answer first =
        door.post(path)
            .as(story.benToken)
            .once("c1")
            .json("{\"text\":\"Can you hear me?\"}")
            .expect(201, "stored");
    door.post(path)
        .as(story.benToken)
        .once("c1")
        .json("{\"text\":\"Can you hear me?\"}")
        .expect(201, "sent again: the same message")
        .with("/sequence", first.text("/sequence"));
    Story.require(
        next("message", "Ana sees it").at("/data/text").asText().equals("Can you hear me?"),
        "the text is Ben's");
    long startNs = System.nanoTime();
    story.events.say("{\"type\":\"message.send\",\"cid\":\"a1\",\"data\":{\"text\":\"Yes.\"}}");
    JsonNode ack = event(story.events, "ack");
    story.log.came(
        "events", "message.send, ack", System.nanoTime() - startNs, "by the socket, too");
    Story.require(ack.at("/data/sequence").asInt() == 2, "it is the second");
    JsonNode read =
        door.get(path + "?after=1")
            .as(story.key)
            .expect(200, "what came after the first, for one who missed it")
            .json();
    Story.require(read.path("data").size() == 1, "one came after");
  }

  /** Until media servers have told how the calls sound, which they do each five seconds. */
  void quality() {
    story.log.chapter("How calls sound");
    long startNs = System.nanoTime();
    while (door.get(story.conference + "/quality")
            .as(story.key)
            .quietly()
            .json()
            .path("measured")
            .asInt()
        < 2) {
      Waiting.aMoment(startNs, "measured calls");
    }
    JsonNode all =
        door.get(story.conference + "/quality")
            .as(story.anaToken)
            .expect(200, "everybody's, for one who moderates")
            .json();
    Story.require(all.at("/data/0/mos").asDouble() > 3.6, "it sounds well: " + all);
    door.get(story.benPath + "/quality").as(story.benToken).expect(200, "Ben sees his own");
  }

  /** The next event of a type; tells of it. */
  private JsonNode next(String type, String shows) {
    long startNs = System.nanoTime();
    JsonNode event = event(story.events, type);
    story.log.came("events", type, System.nanoTime() - startNs, shows);
    return event;
  }

  private JsonNode until(String type, String pointer) {
    JsonNode event = event(story.events, type);
    while (event.at(pointer).isMissingNode()) {
      event = event(story.events, type);
    }
    return event;
  }

  static JsonNode event(EventsSocket socket, String type) {
    try {
      return socket.next(type);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TourException("interrupted", e);
    } catch (AssertionError e) {
      throw new TourException("events: " + e.getMessage(), e);
    }
  }

  private static String id(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
