package dev.parley.systemtests.link;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.media.control.MediaCommands;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A media server's inside that counts how often each command was carried out, and overlaps. */
final class RecordingMedia implements MediaCommands {
  final Map<CommandId, AtomicInteger> applied = new ConcurrentHashMap<>();
  final AtomicInteger overlaps = new AtomicInteger();
  private final Map<ConferenceId, Boolean> busy = new ConcurrentHashMap<>();

  @Override
  public CommandResult.Outcome execute(Command command) {
    if (busy.put(command.conference(), true) != null) {
      overlaps.incrementAndGet();
    }
    applied.computeIfAbsent(command.id(), _ -> new AtomicInteger()).incrementAndGet();
    LockSupport.parkNanos(20_000);
    busy.remove(command.conference());
    // The answer tells the test which command it belongs to.
    return new CommandResult.Accepted(command.order().toString(), null, null);
  }

  @Override
  public List<ConferenceSnapshot> conferences() {
    return List.of();
  }

  @Override
  public void endAll() {
    throw new IllegalStateException("nobody gives this server up");
  }
}
