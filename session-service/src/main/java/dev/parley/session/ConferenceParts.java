package dev.parley.session;

import dev.parley.session.access.EventTickets;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.Bans;
import dev.parley.session.conference.CallQuality;
import dev.parley.session.conference.ConferenceIds;
import dev.parley.session.conference.ConferenceView;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.DueWork;
import dev.parley.session.conference.Fleet;
import dev.parley.session.conference.MediaFacts;
import dev.parley.session.conference.MediaTestimony;
import dev.parley.session.conference.Moderation;
import dev.parley.session.conference.Moves;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Positions;
import dev.parley.session.conference.RegionLine;
import dev.parley.session.conference.Signalling;
import dev.parley.session.conference.Unrecorded;
import dev.parley.session.conference.UsageSink;
import dev.parley.session.conference.WaitingRoom;
import dev.parley.session.conference.Waits;
import dev.parley.session.erasure.Erasures;
import dev.parley.session.event.ClientRequests;
import dev.parley.session.event.EventHub;
import dev.parley.session.event.EventsEndpoint;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.rest.RestApi;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.usage.UsageReports;
import dev.parley.session.webhook.Webhooks;
import java.time.Clock;
import java.util.concurrent.ExecutorService;

/** What conferences, and the people in them, are made of. */
record ConferenceParts(
    Ground ground,
    Participants participants,
    WaitingRoom waitingRoom,
    Conferences conferences,
    Admission admission,
    Signalling signalling,
    Moves moves,
    Fleet fleet,
    Moderation moderation,
    Bans bans,
    Unrecorded unrecorded,
    MediaFacts facts) {

  /** What most of it stands on. */
  record Ground(
      ConferenceItems store,
      Clock clock,
      LinkedServers servers,
      EventHub events,
      Notices notices,
      CallQuality quality,
      ResidencyPolicies policies,
      ExecutorService background) {}

  /** Builds the parts in an order in which each finds what it needs. */
  static ConferenceParts on(Ground on, ConferenceIds ids, Waits waits, RegionLine line) {
    ConferenceItems store = on.store();
    Clock clock = on.clock();
    LinkedServers servers = on.servers();
    EventHub events = on.events();
    Notices notices = on.notices();
    ExecutorService background = on.background();
    Participants participants =
        new Participants(store, clock, servers, events, notices, on.quality(), background);
    WaitingRoom waitingRoom =
        new WaitingRoom(store, clock, participants, events, notices, waits, line, background);
    Moves moves = new Moves(store, clock, servers, events, notices, background);
    Fleet fleet = new Fleet(store, clock, servers);
    Moderation moderation = new Moderation(store, clock, servers, participants, events, background);
    Bans bans = new Bans(store, clock, participants);
    Unrecorded unrecorded = new Unrecorded(store, servers, participants, moderation, bans);
    return new ConferenceParts(
        on,
        participants,
        waitingRoom,
        new Conferences(store, clock, ids, participants, servers, events, notices, waitingRoom),
        new Admission(store, clock, ids, participants, waitingRoom),
        new Signalling(store, clock, ids, servers, participants),
        moves,
        fleet,
        moderation,
        bans,
        unrecorded,
        new MediaFacts(
            store,
            clock,
            participants,
            servers,
            events,
            notices,
            moves,
            fleet,
            unrecorded,
            background));
  }

  /** Returns what happens though nobody asks. */
  DueWork dueWork(UsageSink usage) {
    return new DueWork(
        ground.store(),
        ground.clock(),
        conferences,
        participants,
        waitingRoom,
        facts,
        ground.notices(),
        moves,
        usage);
  }

  /** Returns what watchers see. */
  ConferenceView view() {
    return new ConferenceView(participants, waitingRoom);
  }

  /** Returns where they watch. */
  EventsEndpoint watching(EventTickets tickets, ClientRequests requests) {
    MediaTestimony testimony =
        new MediaTestimony(ground.store(), ground.servers(), ground.background());
    return new EventsEndpoint(ground.events(), tickets, view(), requests, testimony::hear);
  }

  /** Returns what requests reach. */
  RestApi.Domain domain(
      Webhooks webhooks,
      LibraryParts library,
      RestApi.Geography geography,
      UsageReports usage,
      Erasures erasures) {
    Positions positions =
        new Positions(
            ground.store(), ground.clock(), participants, ground.events(), ground.background());
    return new RestApi.Domain(
        conferences,
        admission,
        participants,
        signalling,
        webhooks,
        new RestApi.People(
            library.messages(),
            moderation,
            bans,
            unrecorded,
            positions,
            waitingRoom,
            usage,
            erasures,
            library.files(),
            library.recordings(),
            library.filing()),
        geography);
  }
}
