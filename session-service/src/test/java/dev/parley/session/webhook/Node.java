package dev.parley.session.webhook;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.Bans;
import dev.parley.session.conference.CallQuality;
import dev.parley.session.conference.ConferenceEventSink;
import dev.parley.session.conference.ConferenceIds;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.DueWork;
import dev.parley.session.conference.Fleet;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaFacts;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.MediaServers;
import dev.parley.session.conference.MediaWord;
import dev.parley.session.conference.Moderation;
import dev.parley.session.conference.Moves;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.QualityBoard;
import dev.parley.session.conference.RegionLine;
import dev.parley.session.conference.Signalling;
import dev.parley.session.conference.Unrecorded;
import dev.parley.session.conference.WaitingRoom;
import dev.parley.session.conference.Waits;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.UsageItems;
import dev.parley.session.store.WebhookItems;
import dev.parley.session.usage.UsageRollups;
import java.net.InetAddress;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One session node without its doors: conferences and webhooks over tables that others use, too.
 * What it leaves to the background waits until a test runs it. One thread.
 */
final class Node {
  static final MediaServer SERVER =
      new MediaServer(new ServerId("ms-1"), "one", new Region("local"));
  static final ConferenceIds IDS = new ConferenceIds(new byte[32], InstantSource.system());
  private static final ConferenceEventSink NOBODY_WATCHES = (_, _) -> {};

  final MortalStore.Life life = new MortalStore.Life();
  final List<Runnable> background = new ArrayList<>();
  final Conferences conferences;
  final Participants participants;
  final Moderation moderation;
  final Admission admission;
  final Signalling signalling;
  final MediaFacts facts;
  final DueWork dueWork;
  final Courier courier;
  final Webhooks webhooks;

  Node(ItemStore core, ItemStore ops, Clock clock, WebhookSender sender, Random random) {
    ConferenceItems store = new ConferenceItems(new MortalStore(core, life));
    WebhookItems items = new WebhookItems(new MortalStore(ops, life));
    courier = new Courier(items, sender, clock, random, background::add);
    Subscriptions subscriptions = new Subscriptions(items, clock, courier);
    Reach reach = new Reach(_ -> List.of(InetAddress.getLoopbackAddress()), true);
    webhooks = new Webhooks(items, clock, reach, subscriptions, courier, new byte[32]);
    MediaServers servers = new Willing();
    Notices notices = new Notices(store, clock, subscriptions, background::add);
    participants =
        new Participants(
            store,
            clock,
            servers,
            NOBODY_WATCHES,
            notices,
            new CallQuality(QualityBoard.NONE, clock, NOBODY_WATCHES, (_, _, _) -> {}),
            background::add);
    moderation =
        new Moderation(store, clock, servers, participants, NOBODY_WATCHES, background::add);
    WaitingRoom waitingRoom = waitingRoom(store, clock, servers, notices);
    conferences =
        new Conferences(
            store, clock, IDS, participants, servers, NOBODY_WATCHES, notices, waitingRoom);
    admission = new Admission(store, clock, IDS, participants, waitingRoom);
    signalling = new Signalling(store, clock, IDS, servers, participants);
    Moves moves = new Moves(store, clock, servers, NOBODY_WATCHES, notices, background::add);
    facts =
        new MediaFacts(
            store,
            clock,
            participants,
            servers,
            NOBODY_WATCHES,
            notices,
            moves,
            new Fleet(store, clock, servers),
            new Unrecorded(
                store, servers, participants, moderation, new Bans(store, clock, participants)),
            background::add);
    dueWork =
        new DueWork(
            store,
            clock,
            conferences,
            participants,
            waitingRoom,
            facts,
            notices,
            moves,
            new UsageRollups(new UsageItems(new MortalStore(ops, life)), store, _ -> 7));
  }

  private WaitingRoom waitingRoom(
      ConferenceItems store, Clock clock, MediaServers servers, Notices notices) {
    JoinQueues queues = new LocalCoordination(clock, System::nanoTime, new Random(1)).joinQueues();
    return new WaitingRoom(
        store,
        clock,
        participants,
        NOBODY_WATCHES,
        notices,
        new Waits(clock),
        new RegionLine(queues, servers, clock, 100),
        background::add);
  }

  /** Runs what waits in the background and what that leaves there. */
  void runAll() {
    while (!background.isEmpty()) {
      background.removeFirst().run();
    }
  }

  private static final class Willing implements MediaServers {
    @Override
    public @Nullable MediaServer choose(Wish wish) {
      return SERVER;
    }

    @Override
    public MediaAnswer order(MediaServer server, ConferenceId conference, long epoch, Order order) {
      return order instanceof Order.AdmitParticipant
          ? new MediaAnswer.Accepted("v=0 answer", Order.Listening.FORWARD, "EsAw")
          : new MediaAnswer.Accepted(null, null, null);
    }

    @Override
    public void fence(MediaServer server) {
      throw new IllegalStateException("nobody gives a server up here");
    }

    @Override
    public void leaveOut(Set<MediaServer> servers, Set<Region> regions) {
      // There is only one.
    }

    @Override
    public boolean wantsTestimony() {
      return false;
    }

    @Override
    public void testify(MediaServer server, MediaWord word) {
      throw new IllegalStateException("nobody wants to know");
    }
  }
}
