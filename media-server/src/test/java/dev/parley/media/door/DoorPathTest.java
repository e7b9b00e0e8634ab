package dev.parley.media.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.MediaTickets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorPathTest {
  private static final DoorPath.Session SESSION =
      new DoorPath.Session(new ConferenceId("cf_1"), new ParticipantId("pt_1"), "-s_1");

  @Test
  void offersAndSessionsAreToldApart() {
    assertThat(DoorPath.parse("/rtc/a.b-_.c", "")).isEqualTo(new DoorPath.Offer("a.b-_.c"));
    assertThat(DoorPath.parse("/rtc-sessions/cf_1.pt_1.-s_1", "")).isEqualTo(SESSION);
    assertThat(DoorPath.parse(SESSION.path(), "")).isEqualTo(SESSION);
    DoorPath.Session elsewhere =
        new DoorPath.Session(new ConferenceId("cf_1.eu"), new ParticipantId("pt_1"), "s");
    assertThat(DoorPath.parse(elsewhere.path(), "")).isEqualTo(elsewhere);
  }

  @Test
  void pathBeforeItMayBeThereOrBeTakenAwayByAProxy() {
    assertThat(DoorPath.parse("/media/rtc/a.b.c", "/media")).isEqualTo(new DoorPath.Offer("a.b.c"));
    assertThat(DoorPath.parse("/rtc/a.b.c", "/media")).isEqualTo(new DoorPath.Offer("a.b.c"));
    assertThat(DoorPath.parse("/other/rtc/a.b.c", "/media")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/rtc",
        "/rtc/",
        "/rtc/a.b",
        "/rtc/a.b.c.d",
        "/rtc/a.b.c/",
        "/rtc/a.b.%63",
        "/rtc//a.b.c",
        "/rtc/../rtc/a.b.c",
        "/RTC/a.b.c",
        "/rtc-sessions/",
        "/rtc-sessions/cf_1.pt_1",
        "/rtc-sessions/cf_1.pt_1.",
        "/rtc-sessions/cf_1.pt_1.s.s",
        "/rtc-sessions/cf_1.eu.eu.pt_1.s",
        "/rtc-sessions/_c.pt_1.s"
      })
  void anythingElseIsNothing(String path) {
    assertThat(DoorPath.parse(path, "")).isNull();
  }

  @Test
  void endlessTicketIsNothing() {
    String ticket = "a.b." + "c".repeat(MediaTickets.LENGTH_MAX);

    assertThat(DoorPath.parse("/rtc/" + ticket, "")).isNull();
  }

  @Test
  void whatOpensADoorIsNotShown() {
    assertThat(new DoorPath.Offer("a.b.secret").toString()).doesNotContain("secret");
    assertThat(SESSION.toString()).doesNotContain("s_1");
  }
}
