"""Services and what is asked of them (服务诉求): a city's catalogue, requests with their answer, and how content people are."""
