package dev.parley.systemtests.tour;

import dev.parley.systemtests.nodes.EventsSocket;

/** Who comes in: lock, lobby, removal, bans. One thread. */
final class DoorChapters {
  private final Story story;
  private final Door door;
  private final String people;

  DoorChapters(Story story) {
    this.story = story;
    door = story.door;
    people = story.conference + "/participants";
  }

  void lock() {
    story.log.chapter("A locked door");
    String token = story.token("dora", "speaker");
    option("{\"locked\":true}", "Ana locks the conference");
    door.post(people)
        .as(token)
        .json("{}")
        .expect(403, "conference-locked", "nobody else comes in, at whatever node");
    option("{\"locked\":false,\"lobby\":true}", "she unlocks it, and opens a lobby");
  }

  void lobby() {
    story.log.chapter("A lobby: who waits, in which order, and is let in");
    String dora = story.token("dora", "speaker");
    String emil = story.token("emil", "speaker");
    Door.Answer waiting =
        door.post(people)
            .as(dora)
            .json("{}")
            .expect(202, "Dora waits")
            .with("/waitsFor", "lobby")
            .with("/queue/position", "1");
    String doraPath = people + "/" + waiting.text("/id");
    EventsSocket events = story.watch(story.stage.nodeTwo(), dora, -1);
    door.post(people).as(emil).json("{}").expect(202, "and Emil").with("/queue/position", "2");
    door.get(people + "?state=queued").as(story.anaToken).expect(200, "Ana sees who waits");
    door.get(people).as(dora).expect(403, "not-joined", "Dora does not see who is in");
    door.post(doraPath + "/admit").as(story.anaToken).expect(200, "Ana lets Dora in");
    long startNs = System.nanoTime();
    Story.require(
        doraPath.endsWith(
            CallChapters.event(events, "participant.admitted").at("/data/id").asText()),
        "it is Dora");
    story.log.came(
        "events", "participant.admitted", System.nanoTime() - startNs, "Dora knows, at node two");
    door.get(doraPath).as(dora).expect(200, "what she needs for her offer").text("/media/rtcUrl");
    door.post(story.conference + "/admit")
        .as(story.anaToken)
        .expect(200, "and everybody else")
        .with("/admitted", "1");
    door.delete(doraPath).as(dora).expect(204, "Dora leaves");
    events.cut();
    option("{\"lobby\":false}", "nobody waits any more");
  }

  void bans() {
    story.log.chapter("Out, and kept out");
    String emil = story.token("emil", "speaker");
    Door.Answer joined =
        door.post(people).as(emil).json("{\"replace\":true}").expect(201, "Emil is in");
    door.delete(people + "/" + joined.text("/id") + "?ban=600")
        .as(story.anaToken)
        .expect(204, "Ana removes him, for ten minutes");
    door.post(people)
        .as(story.token("emil", "speaker"))
        .json("{}")
        .expect(403, "banned", "a new token does not help him");
    Door.Answer bans =
        door.get(story.conference + "/bans").as(story.anaToken).expect(200, "who may not join");
    door.delete(story.conference + "/bans/" + bans.text("/data/0/id"))
        .as(story.anaToken)
        .expect(204, "lifted");
    String again = story.token("emil", "speaker");
    Door.Answer back = door.post(people).as(again).json("{}").expect(201, "Emil may join again");
    door.delete(people + "/" + back.text("/id")).as(again).expect(204, "and leaves");
  }

  private void option(String json, String shows) {
    door.patch(story.conference).as(story.anaToken).json(json).expect(200, shows);
  }
}
