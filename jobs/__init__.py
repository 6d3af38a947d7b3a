"""The queue and the clock: workers, schedule, and one-screen jobs that call the domain."""
