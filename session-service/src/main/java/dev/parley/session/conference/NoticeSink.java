package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.util.List;

/** Where notices go from the records that they were born in. Thread-safe; blocks. */
public interface NoticeSink {

  /**
   * Returns true if anyone wants to be told such things of a tenant's conferences. May be some
   * seconds behind.
   */
  boolean wants(String tenant, NoticeType type);

  /**
   * Takes notices over: once this returns they are safe. The same ones may come again, and then
   * nothing more may come of them.
   *
   * @param notices in order, and after all that came before of this conference
   */
  void accept(String tenant, ConferenceId conference, List<Notice> notices);
}
