package dev.parley.media.control;

import static dev.parley.media.control.ControlLinkRig.A;
import static dev.parley.media.control.ControlLinkRig.B;
import static dev.parley.media.control.ControlLinkRig.CONFERENCE;
import static dev.parley.media.control.ControlLinkRig.SECOND_NS;
import static dev.parley.media.control.ControlLinkRig.command;
import static dev.parley.media.control.ControlLinkRig.connected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Backoff;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Fence;
import dev.parley.common.control.StateReport;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.ServerId;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which nodes the link dials, keeps and gives up. */
class ControlLinkTest {
  private final ControlLinkRig rig = new ControlLinkRig(100);

  @Test
  void itSaysWhoItIsAndIsUpOnceWelcomed() {
    assertThat(rig.link.upCount()).isZero();
    rig.nodes.last().open();
    assertThat(rig.nodes.last().hello().server()).isEqualTo(new ServerId("ms-1"));
    assertThat(rig.link.upCount()).isZero();

    rig.nodes.last().say(new Welcome("a", 1, 1000, 3500, List.of()));

    assertThat(rig.link.upCount()).isEqualTo(1);
  }

  @Test
  void aServerThatWasGivenUpSendsEveryoneAwayAndComesBackAsAnother() {
    rig.present.add(new ConferenceSnapshot(CONFERENCE, 1, List.of()));
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    rig.report(connected(CONFERENCE));
    a.say(command("c1", CONFERENCE, 5));

    a.say(new Fence());

    assertThat(rig.present).as("everyone was sent away").isEmpty();
    ScriptedNodes.Dialled again = rig.nodes.last().welcome("a");
    assertThat(again).isNotSameAs(a);
    assertThat(again.hello().server()).isEqualTo(new ServerId("ms-1"));
    assertThat(again.hello().incarnation()).isNotEqualTo(a.hello().incarnation());
    assertThat(again.hello().conferences()).isEmpty();
    assertThat(rig.counters.value(LinkCounter.FENCED)).isEqualTo(1);
    again.say(command("c2", CONFERENCE, 1));
    assertThat(rig.executed).as("another has seen no epoch yet").hasSize(2);
    rig.report(connected(CONFERENCE));
    assertThat(again.heard())
        .as("its reports count from 1")
        .contains(new StateReport(1, connected(CONFERENCE)));
  }

  @Test
  void itBeatsEachSecondWithTheLoad() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");

    rig.loop.advance(5 * SECOND_NS);

    assertThat(a.heartbeats()).isEqualTo(5);
    assertThat(a.pings).isEqualTo(5);
  }

  @Test
  void itDialsEveryNodeThatWelcomeLists() {
    rig.nodes.last().welcome("a", A, B);

    assertThat(rig.nodes.dialled).extracting(dialled -> dialled.address).containsExactly(A, B);
    rig.nodes.last().welcome("b", A, B);
    assertThat(rig.link.upCount()).isEqualTo(2);
  }

  @Test
  void aLearntAddressThatWouldCrossTheNetworkInClearTextIsNotDialled() {
    rig.nodes.last().welcome("a", URI.create("ws://10.0.0.1:7001/control"));

    assertThat(rig.nodes.dialled).hasSize(1);
    assertThat(rig.counters.value(LinkCounter.PEERS_REFUSED)).isEqualTo(1);
  }

  @Test
  void aSecondLinkToTheSameNodeIsGivenUp() {
    rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled second = rig.nodes.last().welcome("a", A, B);

    assertThat(second.closed).startsWith("1000");
    assertThat(rig.link.upCount()).isEqualTo(1);
  }

  @Test
  void aNodeThatTakesNothingIsGivenUp() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    a.takes = false;

    rig.loop.advance(8 * SECOND_NS);

    assertThat(a.closed).isEqualTo("aborted");
    assertThat(rig.counters.value(LinkCounter.PEERS_SILENT)).isEqualTo(1);
  }

  @Test
  void aNodeThatDoesNotPongIsGivenUpAndDialledAgain() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    a.pongs = false;

    rig.loop.advance(5 * SECOND_NS);

    assertThat(a.closed).isEqualTo("aborted");
    assertThat(rig.nodes.dialled.size()).isGreaterThan(1);
  }

  @Test
  void aNodeThatNeverWelcomesIsGivenUp() {
    ScriptedNodes.Dialled a = rig.nodes.last().open();

    rig.loop.advance(6 * SECOND_NS);

    assertThat(a.closed).isEqualTo("aborted");
    assertThat(rig.nodes.dialled.size()).isEqualTo(2);
  }

  @Test
  void attemptsComeFurtherAndFurtherApart() {
    List<Long> at = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      at.add(rig.loop.nowNs());
      rig.nodes.last().refuse();
      int before = rig.nodes.dialled.size();
      while (rig.nodes.dialled.size() == before) {
        rig.loop.advance(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }

    assertThat(at.get(1) - at.get(0)).isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(110));
    assertThat(at.get(11) - at.get(10))
        .isBetween(TimeUnit.MILLISECONDS.toNanos(990), TimeUnit.MILLISECONDS.toNanos(2010));
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 60, 3_600})
  void aNodeThatIsBackIsDialledWithinTwoSecondsHoweverLongItWasAway(long awaySec) {
    rig.nodes.last().welcome("a").breakOff();
    long backNs = rig.loop.nowNs() + awaySec * SECOND_NS;
    int refused = 0;
    while (rig.loop.nowNs() < backNs) {
      int before = rig.nodes.dialled.size();
      rig.loop.advance(TimeUnit.MILLISECONDS.toNanos(10));
      if (rig.nodes.dialled.size() > before && rig.loop.nowNs() < backNs) {
        rig.nodes.last().refuse();
        refused++;
      }
    }
    int before = rig.nodes.dialled.size();

    rig.loop.advance(2 * SECOND_NS);

    assertThat(rig.nodes.dialled.size()).isGreaterThan(before);
    assertThat(refused)
        .as("attempts of one server while the node was away")
        .isBetween((int) Math.min(4, awaySec), (int) awaySec + 5);
  }

  /** The pauses of many servers that lost a node at the same moment. */
  @Test
  void serversThatLostANodeTogetherDoNotComeBackTogether() {
    Map<Long, Integer> inEachTenMs = new HashMap<>();
    for (int server = 0; server < 1_000; server++) {
      Backoff backoff =
          new Backoff(LinkTimes.RETRY_FIRST_NS, LinkTimes.RETRY_LONGEST_NS, new Random(server));
      long atNs = 0;
      while (atNs < 60 * SECOND_NS) {
        atNs += backoff.nextDelayNs();
      }
      inEachTenMs.merge(atNs / TimeUnit.MILLISECONDS.toNanos(10), 1, Integer::sum);
    }

    assertThat(inEachTenMs.values()).allSatisfy(count -> assertThat(count).isLessThan(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "{\"type\":\"command\"}",
        "{\"type\":\"welcome\",\"node\":\"a b\",\"protocol\":1}",
        "{\"type\":\"acknowledge\",\"sequence\":-1}"
      })
  void garbageEndsTheLinkAndNothingElse(String garbage) {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    rig.report(connected(CONFERENCE));

    a.sayText(garbage);

    assertThat(a.closed).startsWith("1002");
    assertThat(rig.counters.value(LinkCounter.FRAMES_MALFORMED)).isEqualTo(1);
    rig.loop.advance(SECOND_NS);
    assertThat(rig.nodes.last().welcome("a").heard()).hasSize(1);
  }

  @Test
  void anUnknownMessageIsCountedAndIgnored() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");

    a.sayText("{\"type\":\"dance\"}");

    assertThat(a.closed).isNull();
    assertThat(rig.counters.value(LinkCounter.FRAMES_UNKNOWN)).isEqualTo(1);
    a.say(command("c1", CONFERENCE, 1));
    assertThat(a.heard()).hasSize(1);
  }

  @Test
  void aNodeWithoutACommonVersionIsLeft() {
    ScriptedNodes.Dialled a = rig.nodes.last().open();

    a.say(new Welcome("a", 2, 1000, 3500, List.of()));

    assertThat(a.closed).startsWith("1002");
    assertThat(rig.link.upCount()).isZero();
  }

  @Test
  void afterClosingNothingIsDialledAnyMore() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");

    rig.link.close();
    rig.loop.run();
    a.breakOff();
    rig.loop.advance(60 * SECOND_NS);

    assertThat(a.closed).startsWith("1000");
    assertThat(rig.nodes.dialled).hasSize(1);
    assertThat(rig.link.upCount()).isZero();
  }
}
