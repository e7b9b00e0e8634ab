package dev.parley.session;

import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.ConferenceTraces;
import dev.parley.session.conference.MediaFacts;
import dev.parley.session.conference.RecordingBoard;
import dev.parley.session.library.DriftScan;
import dev.parley.session.library.FileSharing;
import dev.parley.session.library.Library;
import dev.parley.session.library.ObjectIds;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.library.RetentionWalk;
import dev.parley.session.library.SpoolKeyring;
import dev.parley.session.library.TenantRetentions;
import dev.parley.session.library.TrackUploads;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.message.Messages;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.recording.RecordedPeople;
import dev.parley.session.recording.RecordingIds;
import dev.parley.session.recording.RecordingStore;
import dev.parley.session.recording.Recordings;
import dev.parley.session.rest.RestApi;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.MessageItems;
import dev.parley.session.store.RecordingItems;
import dev.parley.session.store.TenantRetentionItems;
import dev.parley.session.store.regional.Libraries;
import dev.parley.session.store.regional.RegionalLibraryItems;
import dev.parley.session.store.regional.RegionalMessageItems;
import dev.parley.session.store.regional.RegionalRecordingItems;

/** What remains of calls: what was written in them, objects, and recordings on their way there. */
record LibraryParts(
    Messages messages,
    FileSharing files,
    Recordings recordings,
    TrackUploads uploads,
    RecordedPeople recorded,
    RestApi.Filing filing,
    RetentionWalk retentionWalk) {

  /**
   * Builds them.
   *
   * @param fileBytesMax the largest file that people may share
   */
  static LibraryParts of(
      ConferenceParts.Ground ground,
      Libraries<ItemStore> libraries,
      ObjectStores stores,
      ServiceSecret secret,
      long fileBytesMax) {
    TenantRetentions retentions =
        new TenantRetentions(new TenantRetentionItems(libraries.primary()), ground.clock());
    RestApi.Filing filing = FilingParts.on(ground, libraries, secret, retentions);
    Library objects =
        new Library(
            new RegionalLibraryItems(libraries.map(LibraryItems::new)),
            stores,
            new ObjectIds(secret.derive("object-id"), ground.policies()::metadataRegions),
            new ObjectRules(
                ground.policies(), filing.channels(), filing.conversations(), retentions::ruleOf),
            ground.clock(),
            new Library.Hearers(ground.notices(), ground.events()));
    Messages messages =
        new Messages(
            new RegionalMessageItems(libraries.map(MessageItems::new)),
            ground.store(),
            ground.events(),
            ground.clock());
    RecordingBoard board =
        new RecordingBoard(ground.store(), ground.clock(), ground.notices(), ground.events());
    RecordingStore recordingItems = new RegionalRecordingItems(libraries.map(RecordingItems::new));
    Recordings recordings =
        new Recordings(
            recordingItems,
            ground.store(),
            ground.clock(),
            ground.servers(),
            board,
            new RecordingIds(secret.derive("recording-id")),
            ground.background());
    TrackUploads uploads =
        objects.uploads(recordings.tracks(), new SpoolKeyring(secret.derive("recording-key")));
    return new LibraryParts(
        messages,
        new FileSharing(objects, fileBytesMax),
        recordings,
        uploads,
        new RecordedPeople(recordings, recordingItems, uploads),
        filing,
        objects.walk(retentions));
  }

  /** Returns what else is kept of conferences, and goes with them. */
  ConferenceTraces traces() {
    return FilingParts.traces(messages, filing.conversations());
  }

  /** Returns who compares what is known of objects with their stores. */
  DriftScan drift() {
    return files.library().drift();
  }

  /** Has what media servers tell of recordings heard, and what they ask of uploads answered. */
  void answer(MediaFacts facts, LinkedServers servers) {
    facts.tell(recordings);
    servers.uploads().answerBy(uploads::answer);
  }
}
