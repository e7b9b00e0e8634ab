package dev.parley.common.admin;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One condition a process needs before it may be given work. Asked on a virtual thread for each
 * {@code /ready}; must answer at once.
 *
 * @param name shown in the answer, such as {@code control-link}
 * @param reasonNotReady gives null when all is well, else a sentence that says what is missing
 */
public record ReadinessCheck(String name, Supplier<@Nullable String> reasonNotReady) {}
