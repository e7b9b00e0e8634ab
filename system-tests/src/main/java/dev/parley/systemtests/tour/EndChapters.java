package dev.parley.systemtests.tour;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How it ends, what was told of it, and what it has used. One thread. */
final class EndChapters {
  private final Story story;
  private final Door door;

  EndChapters(Story story) {
    this.story = story;
    door = story.door;
  }

  void end() {
    story.log.chapter("The end of the conference");
    String ticket =
        door.post(story.conference + "/event-tickets")
            .as(story.key)
            .expect(201, "a ticket for a back end that has no WebSockets")
            .text("/ticket");
    Stream<String> lines =
        story.stage.nodeOne().get(story.conference + "/events?ticket=" + ticket).stream(
            "the same events as a stream");
    door.delete(story.benSession)
        .as(story.benToken)
        .expect(200, "Ben's WHIP session ends; he goes on listening");
    door.delete(story.benPath).as(story.benToken).expect(204, "Ben leaves");
    door.delete(story.conference).as(story.key).expect(200, "the back end ends the conference");
    long startNs = System.nanoTime();
    CallChapters.event(story.events, "conference.ended");
    story.log.came("events", "conference.ended", System.nanoTime() - startNs, "Ana is told");
    Story.require(
        lines.anyMatch(line -> line.contains("\"type\":\"closed\",\"code\":1000")),
        "the stream says that it is over");
    story.log.came("events", "closed 1000", 0, "so is the stream");
    door.delete(story.conference).as(story.key).expect(200, "ended again: the same answer");
    door.get(story.conference).as(story.key).expect(200, "it stays").with("/state", "ended");
    door.get(story.conference + "/messages").as(story.key).expect(200, "so do its messages");
    door.post(story.conference + "/participants")
        .as(story.anaToken)
        .json("{}")
        .expect(410, "ended", "nobody comes in any more");
  }

  void told() {
    story.log.chapter("What the customer's receiver was told, each message signed");
    SignedMessages messages = story.stage.messages();
    Set<String> types = new TreeSet<>();
    long sequence = 0;
    while (!types.contains("conference.ended")) {
      SignedMessages.Message message = messages.next();
      JsonNode data = message.data();
      if (data.path("conferenceId").asText().equals(story.conferenceId())) {
        sequence++;
        Story.require(data.path("sequence").asLong() == sequence, "in order, without a gap");
        if (types.add(message.type())) {
          story.log.came("webhook", message.id(), 0, message.type());
        }
      }
    }
    Story.require(
        types.containsAll(
            Set.of(
                "conference.created",
                "conference.live",
                "conference.updated",
                "participant.joined",
                "participant.left")),
        "everything was told: " + types);
    Story.require(messages.wrong().isEmpty(), "every signature was right: " + messages.wrong());
    story.log.came("webhook", sequence + " messages", 0, "of this conference, without a gap");
  }

  void deliveries() {
    story.log.chapter("Deliveries: seen, sent again, signed by two secrets");
    SignedMessages messages = story.stage.messages();
    Door.Answer deliveries =
        door.get(story.endpoint + "/deliveries?limit=5")
            .as(story.key)
            .expect(200, "what was sent, and what came of it");
    String delivery = deliveries.text("/data/0/id");
    String rotated =
        door.post(story.endpoint + "/secret")
            .as(story.key)
            .expect(200, "a new secret; for 24 hours both sign")
            .text("/secret");
    messages.secretIs(rotated);
    door.post(story.endpoint + "/deliveries/" + delivery + "/replay")
        .as(story.key)
        .expect(200, "sent once more, with the same webhook-id")
        .with("/lastOutcome", "delivered");
    SignedMessages.Message again = messages.next();
    while (!again.id().equals(delivery) || again.signatures() < 2) {
      again = messages.next();
    }
    story.log.came("webhook", again.id(), 0, "again, signed twice; the new secret is good");
    door.delete(story.endpoint).as(story.key).expect(204, "the endpoint is deleted");
  }

  /** A stay counts ten seconds after it has ended. */
  void usage() {
    story.log.chapter("What it has used, ten seconds later");
    long startNs = System.nanoTime();
    JsonNode used = usageNow();
    while (used.path("participants").asInt() < 2 || used.path("conferences").asInt() < 1) {
      Waiting.aMoment(startNs, "usage");
      used = usageNow();
    }
    door.get("/v1/usage?granularity=month")
        .as(story.key)
        .expect(
            200,
            "%d stays, %.2f participant minutes"
                .formatted(
                    used.path("participants").asInt(), used.path("participantMinutes").asDouble()));
  }

  void erasure() {
    story.log.chapter("Ben asks to be forgotten");
    String path =
        door.post("/v1/erasures")
            .as(story.key)
            .once("forget-ben")
            .json("{\"subject\":\"ben\"}")
            .expect(201, "begun; it goes on by itself")
            .header("Location");
    long startNs = System.nanoTime();
    while (!door.get(path).as(story.key).quietly().text("/state").equals("done")) {
      Waiting.aMoment(startNs, "the erasure");
    }
    door.get(path).as(story.key).expect(200, "the receipt: what was erased, and what was kept");
    door.get(story.benPath)
        .as(story.key)
        .expect(200, "his stay is nobody's in particular now")
        .with("/identity", "erased");
  }

  private JsonNode usageNow() {
    JsonNode lines =
        door.get("/v1/usage?granularity=month&region=local").as(story.key).quietly().json();
    return lines.path("data").path(0);
  }
}
