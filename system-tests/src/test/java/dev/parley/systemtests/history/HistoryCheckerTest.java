package dev.parley.systemtests.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.history.Entry.Said;
import dev.parley.systemtests.history.Request.Create;
import dev.parley.systemtests.history.Request.End;
import dev.parley.systemtests.history.Request.Join;
import dev.parley.systemtests.history.Request.Leave;
import dev.parley.systemtests.history.Request.Lock;
import dev.parley.systemtests.history.Request.Remove;
import dev.parley.systemtests.history.Request.Send;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each thing that must never be is made by hand, and must be found. */
class HistoryCheckerTest {
  private static final Map<String, String> NOBODY = Map.of();

  private final HandMade made = new HandMade();

  @Test
  void whatIsInOrderIsNotObjectedTo() {
    made.asked(new Create("k"), Outcome.OK, HandMade.CONFERENCE)
        .told(1, "conference.created", "")
        .frame(7, "welcome", false)
        .joined("ana", "pt_1")
        .admitted("ms-1/a", 1, "pt_1")
        .told(2, "conference.live", "")
        .told(3, "participant.joined", "pt_1")
        .frame(8, "participant.joined", false)
        .asked(new Create("k"), Outcome.OK, HandMade.CONFERENCE)
        .ok(new Lock(true))
        .asked(new Join("ben", false), Outcome.FAIL, "")
        .asked(new Join("ana", true), Outcome.OK, "pt_2")
        .admitted("ms-1/a", 1, "pt_2")
        .told(4, "participant.left", "pt_1", "replaced")
        .told(4, "participant.left", "pt_1", "replaced")
        .told(5, "participant.joined", "pt_2")
        .asked(new Send("m1", "hello"), Outcome.OK, "1")
        .asked(new Send("m2", "lost?"), Outcome.INFO, "")
        .ok(new Lock(false))
        .joined("ben", "pt_3")
        .admitted("ms-1/a", 1, "pt_3")
        .frame(8, "welcome", true)
        .quiet(2, Map.of("pt_2", "ana", "pt_3", "ben"))
        .held("ms-1/a", "pt_2", "pt_3")
        .ok(new End())
        .told(6, "participant.left", "pt_2", "ended")
        .told(7, "conference.ended", "")
        .log(new Said(1, "hello"), new Said(2, "lost?"))
        .over();

    assertThat(made.faults()).isEmpty();
  }

  @Test
  void oneKeyIsOneConference() {
    made.told(1, "conference.created", "")
        .asked(new Create("k"), Outcome.OK, HandMade.CONFERENCE)
        .asked(new Create("k"), Outcome.OK, "cf_2");

    assertThat(made.faults()).contains("one key made two conferences");
  }

  @Test
  void twoKeysAreTwoConferences() {
    made.told(1, "conference.created", "")
        .asked(new Create("k"), Outcome.OK, HandMade.CONFERENCE)
        .asked(new Create("l"), Outcome.OK, HandMade.CONFERENCE);

    assertThat(made.faults()).containsExactly("two keys made one conference");
  }

  @Test
  void twoServersUnderOneEpochAreFound() {
    made.admitted("ms-1/a", 1, "pt_1").admitted("ms-2/b", 1, "pt_2");

    assertThat(made.faults()).containsExactly("two servers took people under epoch 1");
  }

  @Test
  void oneServerAfterTheOtherIsFine() {
    made.admitted("ms-1/a", 1, "pt_1").admitted("ms-2/b", 2, "pt_1").held("ms-1/a").held("ms-2/b");

    assertThat(made.faults()).isEmpty();
  }

  @Test
  void aSplitConferenceIsFound() {
    made.joined("ana", "pt_1")
        .joined("ben", "pt_2")
        .quiet(2, Map.of("pt_1", "ana", "pt_2", "ben"))
        .held("ms-1/a", "pt_1")
        .held("ms-2/b", "pt_2");

    assertThat(made.faults()).containsExactly("it is split over 2 servers");
  }

  @Test
  void whoComesAfterALockIsFound() {
    made.ok(new Lock(true)).joined("ana", "pt_1");

    assertThat(made.faults()).containsExactly("let in after it was closed");
  }

  @Test
  void whoAskedBeforeTheLockWasAcknowledgedMayCome() {
    made.ok(new Lock(true)).askedFromTheBeginning(new Join("ana", false), Outcome.OK, "pt_1");

    assertThat(made.faults()).isEmpty();
  }

  @Test
  void whoComesWhileALockMayHaveBeenOpenedMayCome() {
    made.asked(new Lock(false), Outcome.INFO, "").ok(new Lock(true)).joined("ana", "pt_1");

    assertThat(made.faults()).isEmpty();
  }

  @Test
  void aLockThatWasOpenedBeforeItWasClosedIsClosed() {
    made.ok(new Lock(false)).ok(new Lock(true)).joined("ana", "pt_1");

    assertThat(made.faults()).containsExactly("let in after it was closed");
  }

  @Test
  void whoComesAfterTheEndIsFound() {
    made.ok(new End()).asked(new Join("ana", true), Outcome.OK, "pt_1");

    assertThat(made.faults()).containsExactly("let in after it was closed");
  }

  @Test
  void whoIsBannedAndComesIsFound() {
    made.joined("ana", "pt_1")
        .ok(new Remove("pt_1", "ana", true))
        .joined("ben", "pt_2")
        .joined("ana", "pt_3");

    assertThat(made.faults()).containsExactly("let in after it was closed");
  }

  @Test
  void aWrongCountIsFound() {
    made.joined("ana", "pt_1").quiet(2, Map.of("pt_1", "ana")).held("ms-1/a", "pt_1");

    assertThat(made.faults()).containsExactly("the count is not that of the roster");
  }

  @Test
  void whoDidNotComeAndIsThereIsFound() {
    made.asked(new Join("ana", false), Outcome.FAIL, "")
        .quiet(1, Map.of("pt_1", "ana"))
        .held("ms-1/a", "pt_1");

    assertThat(made.faults()).containsExactly("pt_1 is there, and did not come");
  }

  @Test
  void whoMayHaveComeMayBeThere() {
    made.asked(new Join("ana", false), Outcome.INFO, "")
        .quiet(1, Map.of("pt_1", "ana"))
        .held("ms-1/a", "pt_1");

    assertThat(made.faults()).isEmpty();
  }

  @Test
  void whoHasGoneAndIsThereIsFound() {
    made.joined("ana", "pt_1")
        .ok(new Leave("pt_1"))
        .quiet(1, Map.of("pt_1", "ana"))
        .held("ms-1/a", "pt_1");

    assertThat(made.faults()).containsExactly("somebody is there who has gone");
  }

  @Test
  void anIdentityThatIsThereTwiceIsFound() {
    made.joined("ana", "pt_1")
        .joined("ana", "pt_2")
        .quiet(2, Map.of("pt_1", "ana", "pt_2", "ana"))
        .held("ms-1/a", "pt_1", "pt_2");

    assertThat(made.faults()).containsExactly("an identity is there twice");
  }

  @Test
  void mediaOfSomebodyWhoIsNotThereIsFound() {
    made.quiet(0, NOBODY).held("ms-1/a", "pt_1");

    assertThat(made.faults()).containsExactly("the roster is not who has media");
  }

  @Test
  void mediaThatOutlivesItsConferenceIsFound() {
    made.joined("ana", "pt_1")
        .quiet(1, Map.of("pt_1", "ana"))
        .held("ms-1/a", "pt_1")
        .ok(new End())
        .told(1, "conference.ended", "")
        .over()
        .held("ms-1/a", "pt_1");

    assertThat(made.faults()).contains("the roster is not who has media");
  }

  @Test
  void somebodyWithoutMediaIsFoundUnlessMediaWasTaken() {
    made.joined("ana", "pt_1").quiet(1, Map.of("pt_1", "ana"));

    assertThat(made.faults()).containsExactly("the roster is not who has media");
    assertThat(made.fault(true).faults()).isEmpty();
  }

  @Test
  void whoIsLostIsFound() {
    made.joined("ana", "pt_1").joined("ben", "pt_2").ok(new Leave("pt_2")).quiet(0, NOBODY);

    assertThat(made.faults()).containsExactly("gone, and nobody asked for it");
  }

  @Test
  void whoLostTheMediaThatWasTakenMayBeGone() {
    made.joined("ana", "pt_1").quiet(0, NOBODY).told(1, "participant.joined", "pt_1");
    made.told(2, "participant.left", "pt_1", "server-lost");

    assertThat(made.faults()).contains("gone, and nobody asked for it");
    assertThat(made.fault(true).faults()).isEmpty();
  }

  @Test
  void aGapInWebhooksIsFound() {
    made.told(1, "conference.created", "").told(3, "conference.live", "");

    assertThat(made.faults()).containsExactly("3 came after 1");
  }

  @Test
  void webhooksInAnotherOrderAreFound() {
    made.told(1, "conference.created", "")
        .told(3, "conference.updated", "")
        .told(2, "conference.live", "");

    assertThat(made.faults()).containsExactly("3 came after 1", "2 came after 3");
  }

  @Test
  void oneNumberOfTwoWebhooksIsFound() {
    made.told(1, "conference.created", "").told(1, "conference.live", "");

    assertThat(made.faults()).containsExactly("one number, two messages");
  }

  @Test
  void whatNoWebhookToldIsFound() {
    made.asked(new Create("k"), Outcome.OK, HandMade.CONFERENCE).over();

    assertThat(made.faults())
        .containsExactly("nobody was told that it was made", "nobody was told that it is over");
  }

  @Test
  void whoJoinedAndNeverLeftIsFound() {
    made.told(1, "conference.created", "")
        .told(2, "participant.joined", "pt_1")
        .told(3, "conference.ended", "")
        .over();

    assertThat(made.faults()).containsExactly("joined, and never left");
  }

  @Test
  void whoLeftTwiceOrDidNotJoinIsFound() {
    made.told(1, "participant.joined", "pt_1")
        .told(2, "participant.left", "pt_1")
        .told(3, "participant.left", "pt_1")
        .told(4, "participant.left", "pt_2")
        .told(5, "participant.joined", "pt_1");

    assertThat(made.faults())
        .containsExactly("left twice", "left without having joined", "joined twice");
  }

  @Test
  void aMissingEventIsFound() {
    made.frame(4, "welcome", false)
        .frame(5, "participant.joined", false)
        .frame(7, "participant.left", false);

    assertThat(made.faults()).containsExactly("an event is missing");
  }

  @Test
  void aResumptionElsewhereIsFound() {
    made.frame(4, "welcome", false).frame(6, "welcome", true);

    assertThat(made.faults()).containsExactly("resumed elsewhere");
  }

  @Test
  void aSnapshotMayGoOnAnywhere() {
    made.frame(4, "welcome", false).frame(2, "welcome", false).frame(3, "message", false);

    assertThat(made.faults()).isEmpty();
  }

  @Test
  void aLostMessageIsFound() {
    made.asked(new Send("k", "hello"), Outcome.OK, "1")
        .asked(new Send("l", "well"), Outcome.OK, "2")
        .log(new Said(1, "well"));

    assertThat(made.faults())
        .containsExactly("an acknowledged message is lost", "an acknowledged message is lost");
  }

  @Test
  void aGapInMessagesIsFound() {
    made.asked(new Send("k", "hello"), Outcome.OK, "2").log(new Said(2, "hello"));

    assertThat(made.faults()).containsExactly("number 1 is missing");
  }

  @Test
  void aMessageThatIsThereTwiceOrThatNobodySentIsFound() {
    made.asked(new Send("k", "hello"), Outcome.OK, "1")
        .asked(new Send("l", "refused"), Outcome.FAIL, "")
        .log(new Said(1, "hello"), new Said(2, "hello"), new Said(3, "refused"));

    assertThat(made.faults())
        .hasSize(2)
        .anyMatch(fault -> fault.startsWith("a message is there twice"))
        .anyMatch(fault -> fault.startsWith("nobody sent"));
  }

  @Test
  void theEvidenceIsPrintedWithTheFaultsOfItsTime() {
    made.fault(false).admitted("ms-1/a", 1, "pt_1").fault(true).admitted("ms-2/b", 1, "pt_2");

    List<Violation> found = HistoryChecker.judge(made.history());

    assertThat(found.getFirst().print(made.history()).lines())
        .hasSize(4)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("one media server for each epoch: two servers"),
            line -> assertThat(line).contains("ms-1/a"),
            line -> assertThat(line).contains("takesMedia=true"),
            line -> assertThat(line).contains("ms-2/b"));
  }
}
